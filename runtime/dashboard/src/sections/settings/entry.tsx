import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { settingsWords } from "./words";

/** One line of a list: what it is, and behind a button what may be changed of it. */
export function Entry(props: {
  name: string;
  badge?: string | undefined;
  about?: string | undefined;
  /** Beside the button. */
  actions?: ComponentChildren;
  /** Shown when somebody wants to change it. */
  children: ComponentChildren;
  /** For tests and links. */
  id: string;
}) {
  const words = settingsWords();
  const open = useSignal(false);
  return (
    <li class="entry" data-entry={props.id}>
      <div class="entry-text">
        <strong>{props.name}</strong> {props.badge && <span class="badge">{props.badge}</span>}
        {props.about && <p class="hint">{props.about}</p>}
      </div>
      <div class="entry-actions">
        <button
          type="button"
          class="secondary"
          aria-expanded={open.value}
          aria-label={`${words.change}: ${props.name}`}
          onClick={() => (open.value = !open.value)}
        >
          {words.change}
        </button>
        {props.actions}
      </div>
      {open.value && <div class="entry-form">{props.children}</div>}
    </li>
  );
}
