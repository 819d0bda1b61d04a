import { Confirm } from "../../view/confirm";
import { usePage } from "../../view/page";
import { rollBack } from "./calls";
import { snapshotWords } from "./snapshot-words";

/** A button that deploys a snapshot in place of what runs, after it has asked once more. */
export function RollBack({ id, when }: { id: string; when: string }) {
  const { api, resources } = usePage();
  const words = snapshotWords();
  return (
    <Confirm
      label={words.rollBack}
      name={words.rollBackTo(when)}
      question={words.reallyRollBack(when)}
      look="order plain"
      work={async () => {
        await rollBack(api, id);
        await resources.of("flows").refresh();
      }}
    />
  );
}
