import type { DeviceView } from "@skein/contracts";
import { useResource } from "../../api/use-resource";
import { Field, Form } from "../../view/form";
import { icons } from "../../view/icons";
import { ButtonRow, Failure, OrderButton, ordered, useOrderDesk } from "../../view/orders";
import { usePage } from "../../view/page";
import { Remove } from "../../view/remove";
import { lightsWords } from "./words";

/** How lights were once, to have them so again. */
export function Scenes({ devices }: { devices: readonly DeviceView[] }) {
  const { api, session } = usePage();
  const words = lightsWords();
  const resource = useResource("scenes");
  const desk = useOrderDesk();
  const scenes = resource.value.value ?? [];
  const mayChange = session.may("operator");
  if (scenes.length === 0 && !mayChange) return null;
  const save = async ({ name }: Readonly<Record<string, string>>, form: HTMLFormElement) => {
    // Those that answer: how a light that is away stands, nobody knows.
    const known = devices.filter(({ diagnosis, state }) => diagnosis.condition === "ok" && state).map(({ id }) => id);
    await api.post("scenes", { name, devices: known });
    form.reset();
    await resource.refresh();
  };
  return (
    <section class="tile" aria-labelledby="scenes">
      <h2 id="scenes">{words.scenes}</h2>
      {scenes.length === 0 && <p class="hint">{words.noScenes}</p>}
      <ul class="entries">
        {scenes.map(({ id, name, devices: inIt }) => (
          <li key={id} class="scene">
            <span>
              <span class="thing-name">{name}</span> <span class="hint">{words.lights(inIt.length)}</span>
            </span>
            {mayChange && (
              <ButtonRow label={name}>
                <OrderButton
                  desk={desk}
                  label={words.apply}
                  about={name}
                  icon={icons.play}
                  order={ordered(() => api.post(`scenes/${id}/apply`, {}))}
                />
                <Remove what={name} work={() => api.delete(`scenes/${id}`).then(resource.refresh)} />
              </ButtonRow>
            )}
          </li>
        ))}
      </ul>
      <Failure desk={desk} />
      {mayChange && (
        <Form label={words.saveScene} submitLabel={words.saveScene} submit={save}>
          <Field label={words.sceneName} name="name" maxLength={60} required hint={words.sceneHint} />
        </Form>
      )}
    </section>
  );
}
