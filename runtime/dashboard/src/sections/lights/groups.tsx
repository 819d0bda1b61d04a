import type { DeviceView, GroupView } from "@skein/contracts";
import { useResource } from "../../api/use-resource";
import { Field, Form, Tick } from "../../view/form";
import { usePage } from "../../view/page";
import { Remove } from "../../view/remove";
import { lightsWords } from "./words";

/** Lights that flows switch together, wherever they stand. */
export function Groups({ devices }: { devices: readonly DeviceView[] }) {
  const { api, session } = usePage();
  const words = lightsWords();
  const registry = useResource("registry");
  const groups = registry.value.value?.groups ?? [];
  const mayChange = session.may("designer");
  if (groups.length === 0 && !mayChange) return null;
  const add = async (texts: Readonly<Record<string, string>>, form: HTMLFormElement) => {
    await api.post("groups", { name: texts["name"], devices: ticked(devices, texts) });
    form.reset();
    await registry.refresh();
  };
  return (
    <section class="tile" aria-labelledby="groups">
      <h2 id="groups">{words.groups}</h2>
      {groups.length === 0 && <p class="hint">{words.noGroups}</p>}
      <ul class="entries">
        {groups.map((group) => (
          <Group key={group.id} group={group} devices={devices} mayChange={mayChange} refresh={registry.refresh} />
        ))}
      </ul>
      {mayChange && (
        <details>
          <summary>{words.addGroup}</summary>
          <Form label={words.addGroup} submitLabel={words.addGroup} submit={add}>
            <Field label={words.groupName} name="name" maxLength={60} required />
            <Members devices={devices} chosen={[]} />
          </Form>
        </details>
      )}
    </section>
  );
}

function Group(props: {
  group: GroupView;
  devices: readonly DeviceView[];
  mayChange: boolean;
  refresh: () => Promise<void>;
}) {
  const { api } = usePage();
  const words = lightsWords();
  const { group, devices, mayChange, refresh } = props;
  if (!mayChange)
    return (
      <li>
        <span class="thing-name">{group.name}</span> <span class="hint">{words.lights(group.devices.length)}</span>
      </li>
    );
  return (
    <li>
      <details>
        <summary>
          <span class="thing-name">{group.name}</span> <span class="hint">{words.lights(group.devices.length)}</span>
        </summary>
        <Form
          label={group.name}
          submitLabel={words.save}
          submit={async (texts) => {
            await api.patch(`groups/${group.id}`, { name: texts["name"], devices: ticked(devices, texts) });
            await refresh();
          }}
        >
          <Field label={words.groupName} name="name" maxLength={60} required defaultValue={group.name} />
          <Members devices={devices} chosen={group.devices} />
        </Form>
        <Remove what={group.name} work={() => api.delete(`groups/${group.id}`).then(refresh)} />
      </details>
    </li>
  );
}

const Members = ({ devices, chosen }: { devices: readonly DeviceView[]; chosen: readonly string[] }) => (
  <>
    {devices.map(({ id, name }) => (
      <Tick key={id} name={`device ${id}`} label={name} defaultChecked={chosen.includes(id)} />
    ))}
  </>
);

const ticked = (devices: readonly DeviceView[], texts: Readonly<Record<string, string>>): string[] =>
  devices.map(({ id }) => id).filter((id) => texts[`device ${id}`] === "on");
