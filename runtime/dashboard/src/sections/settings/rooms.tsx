import type { RegistryView, RoomView } from "@skein/contracts";
import { useResource } from "../../api/use-resource";
import { placeOf } from "../../registry";
import { Choice, Field, Form, Tick } from "../../view/form";
import { icons } from "../../view/icons";
import { Loaded } from "../../view/loaded";
import { usePage } from "../../view/page";
import { Remove } from "../../view/remove";
import { Entry } from "./entry";
import type { SettingsPage } from "./settings-page";
import { settingsWords } from "./words";

export const rooms: SettingsPage = {
  id: "rooms",
  title: () => settingsWords().rooms,
  icon: icons.door,
  role: "designer",
  view: Rooms,
};

/** The rooms of the house, and in which of them its followers stand. */
function Rooms() {
  const { api, house } = usePage();
  const words = settingsWords();
  const resource = useResource("registry");
  const add = async (texts: Readonly<Record<string, string>>, form: HTMLFormElement) => {
    await api.post("rooms", { name: texts["name"], private: texts["private"] === "on" });
    form.reset();
    await resource.refresh();
  };
  return (
    <>
      <p class="hint">{words.roomsText}</p>
      <Loaded from={resource}>
        {(registry) => (
          <>
            <section class="tile">
              {registry.rooms.length === 0 && <p class="hint">{words.noRooms}</p>}
              <ul class="entries">
                {registry.rooms.map((room) => (
                  <Room key={room.id} room={room} refresh={resource.refresh} />
                ))}
              </ul>
              <Form label={words.addRoom} submitLabel={words.addRoom} submit={add}>
                <Field label={words.name} name="name" maxLength={60} required />
                <Tick name="private" label={words.privateRoom} hint={words.privateHint} />
              </Form>
            </section>
            <section class="tile">
              <h3>{words.things}</h3>
              <ul class="entries">
                {house.followers.value.map(({ id, view }) => (
                  <Thing key={id} id={id} ownName={view.value.name} registry={registry} />
                ))}
              </ul>
            </section>
          </>
        )}
      </Loaded>
    </>
  );
}

function Room({ room, refresh }: { room: RoomView; refresh: () => Promise<void> }) {
  const { api } = usePage();
  const words = settingsWords();
  return (
    <Entry
      id={room.id}
      name={room.name}
      badge={room.private ? words.privateRoom : undefined}
      actions={<Remove what={room.name} work={() => api.delete(`rooms/${room.id}`).then(refresh)} />}
    >
      <Form
        label={room.name}
        submitLabel={words.save}
        submit={async (texts) => {
          await api.patch(`rooms/${room.id}`, { name: texts["name"], private: texts["private"] === "on" });
          await refresh();
        }}
      >
        <Field label={words.name} name="name" defaultValue={room.name} maxLength={60} required />
        <Tick name="private" label={words.privateRoom} hint={words.privateHint} defaultChecked={room.private} />
      </Form>
    </Entry>
  );
}

/** A follower: what it is called here, and where it stands. */
function Thing({ id, ownName, registry }: { id: string; ownName: string; registry: RegistryView }) {
  const { api, resources } = usePage();
  const words = settingsWords();
  const place = placeOf(registry, "follower", id);
  const name = place?.name ?? ownName;
  const room = registry.rooms.find((each) => each.id === place?.room);
  const save = async (texts: Readonly<Record<string, string>>) => {
    const called = texts["name"] === "" || texts["name"] === ownName ? null : texts["name"];
    await api.put(`places/follower/${id}`, { room: texts["room"] || null, name: called });
    await resources.of("registry").refresh();
  };
  return (
    <Entry id={id} name={name} about={room?.name ?? words.roomless}>
      <Form label={name} submitLabel={words.save} submit={save}>
        <Field
          label={words.name}
          name="name"
          defaultValue={name}
          maxLength={60}
          {...(place?.name ? { hint: words.calledItself(ownName) } : {})}
        />
        <Choice
          label={words.room}
          name="room"
          value={place?.room ?? ""}
          options={[
            { value: "", label: words.roomless },
            ...registry.rooms.map((each) => ({ value: each.id, label: each.name })),
          ]}
        />
      </Form>
    </Entry>
  );
}
