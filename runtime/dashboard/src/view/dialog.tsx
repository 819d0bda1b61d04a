import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { pageWords } from "../page-words";
import { icons } from "./icons";

/** A dialog of the browser's own: it keeps the focus, closes on Escape, and gives the focus back where it was. */
export function Dialog({ title, close, children }: { title: string; close: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Closed before it is taken away, or the focus would be lost with it.
    return () => element?.close();
  }, []);
  return (
    <dialog class="dialog" ref={dialog} aria-labelledby={id} onClose={close}>
      <header>
        <h2 id={id}>{title}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label={pageWords().close}
          onClick={() => dialog.current?.close()}
        >
          {icons.close}
        </button>
      </header>
      {children}
    </dialog>
  );
}
