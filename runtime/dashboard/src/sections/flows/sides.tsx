import { useSignal } from "@preact/signals";
import type { FlowsDiff } from "@skein/contracts";
import { useMemo, useRef } from "preact/hooks";
import { dateTime } from "../../i18n/format";
import type { SnapshotFull } from "./calls";
import { Changes } from "./changes";
import { Drawing, measure } from "./drawing/drawing";
import { sceneOf, tabsOf, together, wiresOf } from "./drawing/scene";
import { centred, fitted, ZOOM, zoomed, type Viewport } from "./drawing/viewport";
import { Picker } from "./picker";
import { snapshotWords } from "./snapshot-words";

export interface Both {
  readonly before: SnapshotFull;
  readonly after: SnapshotFull;
  readonly diff: FlowsDiff;
}

/** One tab of both, side by side, which move together; and the list of what differs, which finds each change in them. */
export function Sides({ before, after, diff }: Both) {
  const words = snapshotWords();
  const tabs = [...new Map([...tabsOf(before.flows), ...tabsOf(after.flows)].map((tab) => [tab.id, tab])).values()];
  const touched = diff.changes.find(({ tab }) => tabs.some(({ id }) => id === tab))?.tab;
  const tab = useSignal(touched ?? tabs[0]?.id ?? "");
  const view = useSignal<Viewport | undefined>(undefined);
  const chosen = useSignal<string | undefined>(undefined);
  const field = useRef<HTMLDivElement>(null);
  const { sides, frame } = useMemo(() => {
    const marks = new Map(diff.changes.map(({ id, what }) => [id, what]));
    const scene = (own: SnapshotFull, other: SnapshotFull, side: "added" | "removed") =>
      sceneOf(own.flows, tab.value, measure, marks, { wires: wiresOf(other.flows), side });
    const drawn = [scene(before, after, "removed"), scene(after, before, "added")] as const;
    return { sides: drawn, frame: together(drawn[0].bounds, drawn[1].bounds) };
  }, [before, after, diff, tab.value]);

  const size = () => {
    const { clientWidth: width = 0, clientHeight: height = 0 } = field.current?.querySelector(".drawing") ?? {};
    return { width, height };
  };
  const zoom = (factor: number) => {
    const { width, height } = size();
    view.value = zoomed(view.value ?? fitted(frame, size()), factor, width / 2, height / 2);
  };
  const show = (id: string, on: string | undefined) => {
    chosen.value = id;
    if (on !== undefined && on !== tab.value) tab.value = on;
    const own = (flows: SnapshotFull) => flows.flows.find((node) => node.id === id);
    const { x, y } = (own(after) ?? own(before) ?? {}) as { x?: unknown; y?: unknown };
    const there = typeof x === "number" && typeof y === "number";
    view.value = there ? centred(view.value ?? { x: 0, y: 0, scale: 1 }, x, y, size()) : undefined;
    field.current?.scrollIntoView({ block: "nearest" });
  };
  return (
    <>
      <div class="choices-row">
        <Picker
          label={words.tabs}
          value={tab.value}
          options={tabs.map(({ id, label }) => ({ value: id, label }))}
          choose={(id) => {
            tab.value = id;
            view.value = undefined;
          }}
        />
        <button type="button" class="secondary" onClick={() => zoom(ZOOM)}>
          {words.zoomIn}
        </button>
        <button type="button" class="secondary" onClick={() => zoom(1 / ZOOM)}>
          {words.zoomOut}
        </button>
        <button type="button" class="secondary" onClick={() => (view.value = undefined)}>
          {words.fit}
        </button>
      </div>
      <div class="sides" ref={field}>
        {[
          { name: words.before, own: before, scene: sides[0] },
          { name: words.after, own: after, scene: sides[1] },
        ].map(({ name, own, scene }) => (
          <figure key={name} class="tile">
            <figcaption>
              <strong>{name}</strong> <span class="hint">{dateTime(own.at)}</span>{" "}
              {scene.bounds === undefined && <span class="hint">{words.notThere}</span>}
            </figcaption>
            <Drawing
              scene={scene}
              frame={frame}
              view={view}
              chosen={chosen.value}
              label={words.drawingOf(name, dateTime(own.at))}
            />
          </figure>
        ))}
      </div>
      <p class="hint">{words.moveHint}</p>
      <Changes changes={diff.changes} tabs={tabs} chosen={chosen.value} show={show} />
    </>
  );
}
