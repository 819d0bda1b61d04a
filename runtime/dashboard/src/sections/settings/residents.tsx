import { useSignal } from "@preact/signals";
import type { ResidentView } from "@skein/contracts";
import { useResource } from "../../api/use-resource";
import { dateTime } from "../../i18n/format";
import { Field, Form } from "../../view/form";
import { icons } from "../../view/icons";
import { Loaded } from "../../view/loaded";
import { Failure, OrderButton, ordered, useOrderDesk } from "../../view/orders";
import { usePage } from "../../view/page";
import { Remove } from "../../view/remove";
import type { SettingsPage } from "./settings-page";
import { settingsWords } from "./words";

export const residents: SettingsPage = {
  id: "residents",
  title: () => settingsWords().residents,
  icon: icons.home,
  role: "viewer",
  view: Residents,
};

interface Kept {
  readonly kept: Readonly<Record<string, number>>;
  readonly items: readonly { readonly at: number; readonly where: string; readonly what: string }[];
}

/** Who lives here, and what the house keeps of each. */
function Residents() {
  const { api, session } = usePage();
  const words = settingsWords();
  const resource = useResource("registry");
  return (
    <>
      <p class="hint">{words.residentsText}</p>
      <p class="hint">{words.forgetLimits}</p>
      <section class="tile">
        <Loaded from={resource}>
          {({ residents: list }) => (
            <>
              {list.length === 0 && <p class="hint">{words.noResidents}</p>}
              <ul class="entries">
                {list.map((resident) => (
                  <Resident key={resident.id} resident={resident} />
                ))}
              </ul>
            </>
          )}
        </Loaded>
      </section>
      {session.may("admin") && (
        <section class="tile">
          <Form
            label={words.addResident}
            submitLabel={words.addResident}
            submit={async ({ name }, form) => {
              await api.post("residents", { name });
              form.reset();
              await resource.refresh();
            }}
          >
            <Field label={words.name} name="name" maxLength={60} required />
          </Form>
        </section>
      )}
    </>
  );
}

/** One resident. What is kept is theirs to see and to delete, and an admin's, who answers for the house. */
function Resident({ resident: { id, name } }: { resident: ResidentView }) {
  const { api, session, resources } = usePage();
  const words = settingsWords();
  const desk = useOrderDesk();
  const kept = useSignal<Kept | undefined>(undefined);
  const deleted = useSignal(false);
  const mine = session.me.value?.account.resident === id;
  const look = async () => {
    deleted.value = false;
    kept.value = await api.get<Kept>(`residents/${id}/data`);
  };
  return (
    <li class="entry" data-resident={id}>
      <div class="entry-text">
        <strong>{name}</strong> {mine && <span class="badge">{words.you}</span>}
      </div>
      {(mine || session.may("admin")) && (
        <OrderButton desk={desk} label={words.kept} about={name} order={ordered(look)} />
      )}
      {session.may("admin") && (
        <Remove
          what={name}
          work={() => api.delete(`residents/${id}`).then(resources.of("registry").refresh)}
          consequence={words.deleteDataSure}
        />
      )}
      <Failure desk={desk} />
      {kept.value && (
        <div class="entry-form tile" role="region" aria-label={words.keptOf(name)}>
          <KeptList kept={kept.value} />
          {deleted.value ? (
            <p role="status" class="done">
              {words.deleted}
            </p>
          ) : (
            <Remove
              what={words.keptOf(name)}
              label={words.deleteData}
              consequence={words.deleteDataSure}
              work={async () => {
                await api.delete(`residents/${id}/data`);
                await look();
                deleted.value = true;
              }}
            />
          )}
        </div>
      )}
    </li>
  );
}

function KeptList({ kept: { kept, items } }: { kept: Kept }) {
  const words = settingsWords();
  const nameOf = (where: string) => words.keptIn[where] ?? where;
  const counts = Object.entries(kept).filter(([, count]) => count > 0);
  if (counts.length === 0) return <p>{words.keptNothing}</p>;
  return (
    <>
      <p>{counts.map(([where, count]) => words.keptWhere(nameOf(where), count)).join(" · ")}</p>
      <ul class="kept-items">
        {items.map(({ at, where, what }) => (
          <li key={`${at} ${where} ${what}`}>
            <span class="hint">
              {/* What is kept of figures has no one time. */}
              {at > 0 && `${dateTime(at)}, `}
              {nameOf(where)}
            </span>{" "}
            {what}
          </li>
        ))}
      </ul>
    </>
  );
}
