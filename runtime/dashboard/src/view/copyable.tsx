import { useSignal } from "@preact/signals";
import { pageWords } from "../page-words";

/** A text to take elsewhere, with a button that copies it. Without a clipboard (plain http) it is selected, to be copied by hand. */
export function Copyable({ text, label }: { text: string; label: string }) {
  const copied = useSignal(false);
  const copy = async (source: HTMLElement | null) => {
    try {
      await navigator.clipboard.writeText(text);
      copied.value = true;
    } catch {
      const range = document.createRange();
      if (source) range.selectNodeContents(source);
      getSelection()?.removeAllRanges();
      getSelection()?.addRange(range);
    }
  };
  return (
    <div class="copyable">
      <code aria-label={label}>{text}</code>
      <button
        type="button"
        class="secondary"
        aria-label={`${pageWords().copy}: ${label}`}
        onClick={(event) => void copy(event.currentTarget.parentElement?.querySelector("code") ?? null)}
      >
        {copied.value ? pageWords().copied : pageWords().copy}
      </button>
    </div>
  );
}
