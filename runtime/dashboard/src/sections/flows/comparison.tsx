import { useSignal } from "@preact/signals";
import type { SnapshotView } from "@skein/contracts";
import { useEffect } from "preact/hooks";
import { useResource } from "../../api/use-resource";
import { dateTime } from "../../i18n/format";
import { pageWords } from "../../page-words";
import { hrefTo } from "../../router";
import { icons } from "../../view/icons";
import { usePage } from "../../view/page";
import { Refusal } from "../../view/refusal";
import { fetchDiff, fetchSnapshot } from "./calls";
import { Picker } from "./picker";
import { Sides, type Both } from "./sides";
import { snapshotWords } from "./snapshot-words";

/** Any two snapshots: what changed from the one to the other, drawn and in words. */
export function Comparison({ from, to }: { from: string; to: string }) {
  const { api, router } = usePage();
  const words = snapshotWords();
  const list = useResource("flows");
  const snapshots = list.value.value;
  const has = (id: string) => snapshots?.some((snapshot) => snapshot.id === id);
  const known = has(from) && has(to);
  const both = useSignal<Both | undefined>(undefined);
  const error = useSignal<unknown>(undefined);
  useEffect(() => {
    // An address that somebody kept may name what is long gone, and the list says so.
    if (!known) return undefined;
    let over = false;
    Promise.all([fetchSnapshot(api, from), fetchSnapshot(api, to), fetchDiff(api, from, to)]).then(
      ([before, after, diff]) => !over && (both.value = { before, after, diff }),
      (reason: unknown) => !over && (error.value = reason),
    );
    return () => void (over = true);
  }, [from, to, known]);
  const options = (snapshots ?? []).map((snapshot) => ({
    value: snapshot.id,
    label: labelOf(snapshot, words.current),
  }));
  const gone = snapshots !== undefined && !known && !both.value;
  const failure = error.value ?? (snapshots ? undefined : list.error.value);
  return (
    <div class="flows comparison">
      <p>
        <a class="way-back" href={hrefTo("flows")}>
          {icons.back} {words.back}
        </a>
      </p>
      <h1>{words.compare}</h1>
      <div class="choices-row">
        <Picker
          label={words.from}
          value={from}
          options={options}
          missing={snapshots && words.noSnapshot}
          choose={(id) => router.go("flows", id, to)}
        />
        <Picker
          label={words.to}
          value={to}
          options={options}
          missing={snapshots && words.noSnapshot}
          choose={(id) => router.go("flows", from, id)}
        />
      </div>
      {failure !== undefined && <Refusal title={words.failed} error={failure} />}
      {gone && <p>{words.noSuchSnapshot}</p>}
      {!both.value && !gone && failure === undefined && <p class="hint">{pageWords().loading} …</p>}
      {both.value && <Sides {...both.value} />}
    </div>
  );
}

const labelOf = ({ at, by, note, current }: SnapshotView, now: string): string =>
  [dateTime(at), current ? now : undefined, note ?? by].filter(Boolean).join(" · ");
