import { useSignal } from "@preact/signals";
import type { DevicesView, DeviceView, FoundView, DeviceProbed } from "@skein/contracts";
import { useResource } from "../api/use-resource";
import { groupsTicked, InGroups } from "../lights/in-groups";
import { hrefTo } from "../router";
import { Choice, Field, Form } from "../view/form";
import { Loaded } from "../view/loaded";
import { Failure, OrderButton, ordered, useOrderDesk } from "../view/orders";
import { usePage } from "../view/page";
import type { Adding } from "./adding";
import { lightAddingWords } from "./light-words";

export const addLight: Adding = {
  id: "light",
  title: () => lightAddingWords().addLight,
  about: () => lightAddingWords().aboutLight,
  role: "designer",
  view: AddLight,
};

/** First which of those that were found, then its name and place; the account for newer ones, and an address for what no search finds. */
function AddLight({ done }: { done: () => void }) {
  const { api, session } = usePage();
  const words = lightAddingWords();
  const devices = useResource("devices");
  const desk = useOrderDesk();
  const chosen = useSignal<FoundView | undefined>(undefined);
  /** What came of looking, or of asking at one address: nobody sees from the list alone that nothing did. */
  const seen = useSignal("");
  const answered = useSignal("");
  const look = ordered(async () => {
    seen.value = "";
    const before = new Set(devices.value.value?.found.map(({ id }) => id));
    const { found } = await api.post<DevicesView>("devices/discover", {});
    const fresh = found.filter(({ id }) => !before.has(id)).length;
    await devices.refresh();
    seen.value = fresh === 0 ? words.nobodyNew : words.answers(fresh);
  });
  const probe = async ({ host = "" }: Readonly<Record<string, string>>) => {
    answered.value = "";
    const { found, house } = await api.post<DeviceProbed>("devices/probe", { host });
    await devices.refresh();
    const moved = house.filter(({ movedFrom }) => movedFrom !== undefined);
    answered.value = [
      ...(found.length > 0 ? [words.answers(found.length)] : []),
      ...(moved.length > 0 ? [words.movedHere(listed(moved))] : []),
      ...(house.length > moved.length
        ? [words.answersHere(listed(house.filter((each) => !moved.includes(each))))]
        : []),
    ].join(" ");
    if (found.length + house.length === 0) answered.value = words.nobodyAt(host.trim());
  };
  const setAccount = async ({ username, password }: Readonly<Record<string, string>>, form: HTMLFormElement) => {
    await api.put("devices/credentials", { username, password });
    form.reset();
    await devices.refresh();
  };
  if (chosen.value) return <Adopt found={chosen.value} back={() => (chosen.value = undefined)} done={done} />;
  return (
    <Loaded from={devices}>
      {({ found, credentials }) => (
        <>
          {found.length === 0 && <p class="hint">{words.nothingFound}</p>}
          <ul class="choices">
            {found.map((each) => (
              <li key={each.id}>
                <button type="button" class="choice" onClick={() => (chosen.value = each)}>
                  <strong>{each.alias ?? each.model}</strong>{" "}
                  <span class="hint">
                    {each.model}, {each.address}, {each.mac}
                  </span>
                </button>
              </li>
            ))}
          </ul>
          <OrderButton desk={desk} label={words.lookAgain} about={words.addLight} order={look} />
          <p role="status" class="hint">
            {seen.value}
          </p>
          <Failure desk={desk} />
          <details>
            <summary>{words.byAddress}</summary>
            <Form label={words.byAddress} submitLabel={words.ask} submit={probe} done="">
              <Field label={words.address} name="host" required maxLength={253} hint={words.addressHint} />
            </Form>
            <p role="status" class="hint">
              {answered.value}
            </p>
          </details>
          {session.may("admin") && (
            <details>
              <summary>{words.account}</summary>
              <Form label={words.account} submitLabel={words.saveAccount} submit={setAccount}>
                <p class="hint">
                  {words.accountText} {credentials && words.accountSet}
                </p>
                <Field label={words.username} name="username" required maxLength={200} />
                <Field label={words.password} name="password" type="password" required maxLength={200} />
              </Form>
            </details>
          )}
        </>
      )}
    </Loaded>
  );
}

function Adopt({ found, back, done }: { found: FoundView; back: () => void; done: () => void }) {
  const { api, resources } = usePage();
  const words = lightAddingWords();
  const registry = useResource("registry").value.value;
  const added = useSignal<DeviceView | undefined>(undefined);
  const adopt = async (texts: Readonly<Record<string, string>>) => {
    const [name, room] = [texts["name"]?.trim(), texts["room"]];
    const groups = groupsTicked(registry?.groups ?? [], texts);
    added.value = await api.post<DeviceView>("devices", {
      id: found.id,
      ...(name ? { name } : {}),
      ...(room ? { room } : {}),
      ...(groups.length > 0 ? { groups } : {}),
    });
    await resources.of("devices").refresh();
  };
  if (added.value)
    return (
      <p role="status" class="good-news">
        {words.added(added.value.name)}{" "}
        <a href={hrefTo("lights", added.value.id)} onClick={done}>
          {words.see}
        </a>
      </p>
    );
  const rooms = registry?.rooms ?? [];
  return (
    <Form submitLabel={words.adopt} submit={adopt} done="" aside={<BackButton label={words.others} back={back} />}>
      <Field
        label={words.name}
        name="name"
        maxLength={60}
        defaultValue={found.alias ?? ""}
        hint={`${found.model}, ${found.mac}. ${words.nameHint}`}
      />
      {rooms.length > 0 && (
        <Choice
          label={words.room}
          name="room"
          options={[{ value: "", label: words.noRoom }, ...rooms.map(({ id, name }) => ({ value: id, label: name }))]}
        />
      )}
      <InGroups groups={registry?.groups ?? []} />
    </Form>
  );
}

const listed = (things: readonly { readonly name: string }[]): string => things.map(({ name }) => name).join(", ");

const BackButton = ({ label, back }: { label: string; back: () => void }) => (
  <button type="button" class="secondary" onClick={back}>
    {label}
  </button>
);
