import type { Severity } from "@skein/contracts";
import { useId } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { useResource } from "../../api/use-resource";
import { placeOf } from "../../registry";
import { usePage } from "../../view/page";
import { feedWords } from "./feed-words";
import { countOf, SEVERITIES, type Filters } from "./filters";
import { GROUPS, groupName, kindName, KINDS } from "./kinds";

/** What narrows the events. The search is always there; the rest folds away where there is no room. */
export function FilterBar({ filters, change }: { filters: Filters; change: (filters: Filters) => void }) {
  const words = feedWords();
  const id = useId();
  const { session } = usePage();
  const { text, ...others } = filters;
  const set = (parts: Partial<Record<keyof Filters, unknown>>) => {
    const all = Object.entries({ ...filters, ...parts }).filter(([, value]) => value !== undefined && value !== "");
    change(Object.fromEntries(all) as Filters);
  };
  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <div class="field filter-search">
        <label for={id}>{words.search}</label>
        <input
          id={id}
          type="search"
          maxLength={100}
          autocomplete="off"
          value={text ?? ""}
          placeholder={words.searchHint}
          onInput={(event) => set({ text: event.currentTarget.value })}
        />
      </div>
      <details class="filter-more" open={countOf(others) > 0 || window.matchMedia("(min-width: 60rem)").matches}>
        <summary>
          {words.filters} {countOf(others) > 0 && <span class="badge">{countOf(others)}</span>}
        </summary>
        <div class="filter-fields">
          <KindFilter chosen={filters.type} choose={(type) => set({ type })} />
          <Select
            label={words.severity}
            value={filters.severity?.[0] ?? "info"}
            choose={(least) => set({ severity: atLeast(least as Severity) })}
          >
            {SEVERITIES.map((each) => (
              <option key={each} value={each}>
                {words.severityFrom[each]}
              </option>
            ))}
          </Select>
          <SubjectFilter chosen={filters.subject} choose={(subject) => set({ subject })} />
          <RoomFilter chosen={filters.room} choose={(room) => set({ room })} />
          <DayField label={words.from} value={filters.from} choose={(from) => set({ from })} />
          <DayField label={words.to} value={filters.to} choose={(to) => set({ to })} />
          {session.may("admin") && (
            <Select label={words.audit} value={filters.audit ?? ""} choose={(audit) => set({ audit })}>
              <option value="">{words.audits.all}</option>
              <option value="only">{words.audits.only}</option>
              <option value="none">{words.audits.none}</option>
            </Select>
          )}
        </div>
      </details>
    </form>
  );
}

const atLeast = (least: Severity): readonly Severity[] | undefined =>
  least === "info" ? undefined : SEVERITIES.slice(SEVERITIES.indexOf(least));

interface Chooser<T> {
  readonly chosen: T | undefined;
  readonly choose: (value: T | undefined) => void;
}

function KindFilter({ chosen, choose }: Chooser<readonly string[]>) {
  const words = feedWords();
  const value = chosen?.join(",") ?? "";
  const offered = GROUPS.flatMap((group) => [KINDS[group].join(","), ...KINDS[group]]);
  return (
    <Select label={words.kind} value={value} choose={(types) => choose(types === "" ? undefined : types.split(","))}>
      <option value="">{words.anyKind}</option>
      {/* From a link that somebody made by hand. */}
      {value !== "" && !offered.includes(value) && (
        <option value={value}>{value.split(",").map(kindName).join(", ")}</option>
      )}
      {GROUPS.map((group) => (
        <optgroup key={group} label={groupName(group)}>
          <option value={KINDS[group].join(",")}>{words.wholeGroup(groupName(group))}</option>
          {KINDS[group].map((type) => (
            <option key={type} value={type}>
              {kindName(type)}
            </option>
          ))}
        </optgroup>
      ))}
    </Select>
  );
}

function SubjectFilter({ chosen, choose }: Chooser<string>) {
  const words = feedWords();
  const registry = useResource("registry").value.value;
  const followers = usePage().house.followers.value.map(({ id, view }) => ({
    value: `follower:${id}`,
    name: placeOf(registry, "follower", id)?.name ?? view.value.name,
  }));
  const known = chosen === undefined || chosen === "follower" || followers.some(({ value }) => value === chosen);
  return (
    <Select label={words.about} value={chosen ?? ""} choose={(value) => choose(value || undefined)}>
      <option value="">{words.anything}</option>
      {!known && <option value={chosen}>{chosen}</option>}
      <option value="follower">{words.everyFollower}</option>
      {followers.map(({ value, name }) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </Select>
  );
}

function RoomFilter({ chosen, choose }: Chooser<string>) {
  const words = feedWords();
  const rooms = useResource("registry").value.value?.rooms ?? [];
  if (rooms.length === 0 && chosen === undefined) return null;
  return (
    <Select label={words.room} value={chosen ?? ""} choose={(value) => choose(value || undefined)}>
      <option value="">{words.anyRoom}</option>
      {chosen !== undefined && !rooms.some(({ id }) => id === chosen) && <option value={chosen}>{chosen}</option>}
      {rooms.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Select>
  );
}

/** Chosen from outside, unlike a form's fields: clearing the filters empties it. */
function Select(props: { label: string; value: string; choose: (value: string) => void; children: ComponentChildren }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <select id={id} value={props.value} onChange={(event) => props.choose(event.currentTarget.value)}>
        {props.children}
      </select>
    </div>
  );
}

function DayField({
  label,
  value,
  choose,
}: {
  label: string;
  value: string | undefined;
  choose: (day: string) => void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} type="date" value={value ?? ""} onChange={(event) => choose(event.currentTarget.value)} />
    </div>
  );
}
