import type { SectionProps } from "../section";
import { flowsWords } from "./words";
import { snapshotWords } from "./snapshot-words";
import { Comparison } from "./comparison";
import { ImportForm } from "./import-form";
import { SnapshotList } from "./snapshot-list";
import "./flows.css";

/** `#/flows` is the list of snapshots, `#/flows/A/B` what changed from the one to the other. */
export function FlowsView({ rest: [from, to] }: SectionProps) {
  const words = snapshotWords();
  if (from !== undefined && to !== undefined) return <Comparison key={`${from} ${to}`} from={from} to={to} />;
  return (
    <div class="flows">
      <h1>{flowsWords().title}</h1>
      <p>{words.intro}</p>
      <p class="runs-code">{words.runsCode}</p>
      <p>
        <a class="secondary" href="./editor/">
          {words.editor}
        </a>
      </p>
      <SnapshotList />
      <ImportForm />
    </div>
  );
}
