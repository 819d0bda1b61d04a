import { useSignal } from "@preact/signals";
import { icons } from "../view/icons";
import { usePage } from "../view/page";
import { addings } from "./index";
import { AddDialog } from "./dialog";
import { addingWords } from "./words";

/** Opens the Add dialog; not there for those who may add nothing. */
export function AddButton() {
  const { session, stale } = usePage();
  const open = useSignal(false);
  const offered = addings.filter(({ role }) => session.may(role));
  if (offered.length === 0) return null;
  return (
    <>
      <button type="button" class="primary" disabled={stale.value} onClick={() => (open.value = true)}>
        {icons.add} {addingWords().add}
      </button>
      {open.value && <AddDialog offered={offered} close={() => (open.value = false)} />}
    </>
  );
}
