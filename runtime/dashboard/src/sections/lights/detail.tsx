import { useComputed } from "@preact/signals";
import type { DeviceView } from "@skein/contracts";
import { useResource } from "../../api/use-resource";
import { OverTime } from "../../graphs/over-time";
import { rangeOf, type Range } from "../../graphs/ranges";
import { Asked } from "../../lights/asked";
import { Bulb } from "../../lights/bulb";
import { groupsTicked, InGroups } from "../../lights/in-groups";
import { LightRow, sayState } from "../../lights/light-row";
import { canBeReached } from "../../lights/look";
import { useLight } from "../../lights/use-light";
import { lightWords } from "../../lights/words";
import { placeOf } from "../../registry";
import { hrefTo } from "../../router";
import { Choice, Field, Form } from "../../view/form";
import { icons } from "../../view/icons";
import { Loaded } from "../../view/loaded";
import { usePage } from "../../view/page";
import { Refusal } from "../../view/refusal";
import { Remove } from "../../view/remove";
import { Controls } from "./controls";
import { Why } from "./why";
import { lightsWords } from "./words";

/** One light: everything that can be asked of it, and why it cannot be reached when it cannot. */
export function Detail({ id, range }: { id: string; range: string | undefined }) {
  const words = lightsWords();
  const devices = useResource("devices");
  return (
    <>
      <p>
        <a class="back" href={hrefTo("lights")}>
          {icons.back} {words.title}
        </a>
      </p>
      <Loaded from={devices}>
        {({ devices: all }) => {
          const light = all.find((each) => each.id === id);
          const outlets = all.filter(({ parent }) => parent === id);
          if (light) return <Light key={id} light={light} range={rangeOf(range)} />;
          return outlets.length > 0 ? <Strip id={id} outlets={outlets} /> : <p class="empty">{words.gone}</p>;
        }}
      </Loaded>
    </>
  );
}

function Light({ light, range }: { light: DeviceView; range: Range }) {
  const { session, stale } = usePage();
  const sender = useLight(light.id);
  const reached = canBeReached(light);
  return (
    <>
      <h1>{light.name}</h1>
      <section class="tile light-detail">
        <p class="light-state">
          <Bulb kind={light.kind} look={reached ? light.state : undefined} large />
          <span>
            {sayState(light)} <Asked sender={sender} />
          </span>
        </p>
        <Controls light={light} sender={sender} disabled={stale.value || !reached || !session.may("operator")} />
        {sender.failure.value !== undefined && <Refusal title={lightWords().notDone} error={sender.failure.value} />}
      </section>
      {light.abilities?.energy && <Power light={light} range={range} />}
      <Why light={light} />
      {session.may("designer") && <Place light={light} />}
    </>
  );
}

function Power({ light: { id }, range }: { light: DeviceView; range: Range }) {
  const devices = useResource("devices").value;
  const measured = useComputed(() => devices.value?.devices.find((each) => each.id === id)?.powerW);
  const path = `devices/${encodeURIComponent(id)}/metrics`;
  return <OverTime path={path} range={range} news={measured} href={(to) => hrefTo("lights", id, to)} />;
}

function Place({ light }: { light: DeviceView }) {
  const { api, resources } = usePage();
  const words = lightsWords();
  const registry = useResource("registry");
  const view = registry.value.value;
  if (!view) return null;
  const { id } = light;
  const place = placeOf(view, "device", id);
  const save = async (texts: Readonly<Record<string, string>>) => {
    await api.put(`places/device/${id}`, { name: texts["name"]?.trim() || null, room: texts["room"] || null });
    const chosen = groupsTicked(view.groups, texts);
    for (const { id: group, devices } of view.groups) {
      const others = devices.filter((each) => each !== id);
      const now = chosen.includes(group) ? [...others, id] : others;
      if (now.length !== devices.length) await api.patch(`groups/${group}`, { devices: now });
    }
    await Promise.all([registry.refresh(), resources.of("devices").refresh()]);
  };
  return (
    <section class="tile">
      <h2>{words.place}</h2>
      <Form label={words.place} submitLabel={words.save} submit={save}>
        <Field
          label={words.name}
          name="name"
          maxLength={60}
          defaultValue={place?.name ?? ""}
          hint={words.ownName(light.alias ?? light.id)}
        />
        <Choice
          label={words.room}
          name="room"
          value={place?.room ?? ""}
          options={[
            { value: "", label: words.noRoom },
            ...view.rooms.map(({ id: value, name: label }) => ({ value, label })),
          ]}
        />
        <InGroups groups={view.groups} device={id} />
      </Form>
      {light.parent === undefined ? (
        <GiveUp id={id} name={light.name} />
      ) : (
        <p>
          {words.outletOf} <a href={hrefTo("lights", light.parent)}>{words.strip}</a>
        </p>
      )}
    </section>
  );
}

/** A power strip, which is no light: its outlets are, and leave the house with it. */
function Strip({ id, outlets }: { id: string; outlets: readonly DeviceView[] }) {
  const { session } = usePage();
  const words = lightsWords();
  return (
    <>
      <h1>{words.strip}</h1>
      <section class="tile">
        <p class="hint">{words.stripText}</p>
        <ul class="things">
          {outlets.map((light) => (
            <LightRow key={light.id} light={light} />
          ))}
        </ul>
        {session.may("designer") && <GiveUp id={id} name={outlets.map(({ name }) => name).join(", ")} />}
      </section>
    </>
  );
}

function GiveUp({ id, name }: { id: string; name: string }) {
  const { api, resources, router } = usePage();
  const words = lightsWords();
  return (
    <Remove
      what={name}
      label={words.giveUp}
      consequence={words.giveUpText}
      work={async () => {
        await api.delete(`devices/${id}`);
        router.go("lights");
        await resources.of("devices").refresh();
      }}
    />
  );
}
