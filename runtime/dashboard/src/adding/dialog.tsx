import { useSignal } from "@preact/signals";
import { Dialog } from "../view/dialog";
import type { Adding } from "./adding";
import { addingWords } from "./words";

/** First what shall come, then how; with one kind only there is nothing to choose. */
export function AddDialog({ offered, close }: { offered: readonly Adding[]; close: () => void }) {
  const chosen = useSignal(offered.length === 1 ? offered[0] : undefined);
  const kind = chosen.value;
  return (
    <Dialog title={kind?.title() ?? addingWords().title} close={close}>
      {kind ? (
        <>
          <p class="hint">{kind.about()}</p>
          <kind.view done={close} />
        </>
      ) : (
        <ul class="choices">
          {offered.map((each) => (
            <li key={each.id}>
              <button type="button" class="choice" onClick={() => (chosen.value = each)}>
                <strong>{each.title()}</strong> <span class="hint">{each.about()}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
