import { useSignal } from "@preact/signals";
import type { DeviceView, SceneView } from "@skein/contracts";
import { InputError } from "../../api/problem-words";
import { canBeReached, isPlug } from "../../lights/look";
import { Field, Form, Tick } from "../../view/form";
import { usePage } from "../../view/page";
import { lightsWords } from "./words";

/** Keeps how chosen lights are now under a name. A name that is there is that scene made anew, which is said before it is done. */
export function SaveScene(props: {
  devices: readonly DeviceView[];
  scenes: readonly SceneView[];
  refresh: () => Promise<void>;
}) {
  const { api } = usePage();
  const words = lightsWords();
  const typed = useSignal("");
  const { devices, scenes, refresh } = props;
  const sameAs = (text: string) => scenes.find(({ name }) => plain(name) === plain(text));
  const before = sameAs(typed.value);
  const save = async (texts: Readonly<Record<string, string>>, form: HTMLFormElement) => {
    const { name = "" } = texts;
    const chosen = devices.map(({ id }) => id).filter((id) => texts[`device ${id}`] === "on");
    if (chosen.length === 0) throw new InputError(words.sceneEmpty);
    await api.post("scenes", { name: sameAs(name)?.name ?? name.trim(), devices: chosen });
    form.reset();
    typed.value = "";
    await refresh();
  };
  return (
    <details>
      <summary>{words.saveScene}</summary>
      <Form label={words.saveScene} submitLabel={before ? words.replace(before.name) : words.saveScene} submit={save}>
        <Field
          label={words.sceneName}
          name="name"
          maxLength={60}
          required
          hint={<span role="status">{before ? words.replaces(before.name) : words.sceneHint}</span>}
          onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
        />
        <fieldset class="field">
          <legend>{words.sceneLights}</legend>
          {devices.map((light) => {
            const known = canBeReached(light) && light.state !== undefined;
            const hint = !known ? words.awayHint : isPlug(light.kind) ? words.plugHint : undefined;
            return (
              <Tick
                key={light.id}
                name={`device ${light.id}`}
                label={light.name}
                disabled={!known}
                // What a plug switches is no light until somebody says so.
                defaultChecked={known && !isPlug(light.kind)}
                {...(hint && { hint })}
              />
            );
          })}
        </fieldset>
      </Form>
    </details>
  );
}

/** As the leader compares names (runtime/src/core/devices/scenes.ts). */
const plain = (text: string): string => text.normalize("NFC").trim().toLowerCase();
