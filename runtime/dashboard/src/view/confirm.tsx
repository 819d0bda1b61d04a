import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { pageWords } from "../page-words";
import { Failure, ordered, useOrderDesk } from "./orders";
import { usePage } from "./page";

/** A button for what cannot be undone: it asks once more before it is done. */
export function Confirm(props: {
  label: string;
  /** For screen readers: the label, and what it is about. */
  name: string;
  /** What is asked; the question's name for screen readers too. */
  question: string;
  /** Said with the question. */
  consequence?: string | undefined;
  work: () => Promise<unknown>;
  /** Of the first button. */
  look?: string;
}) {
  const { stale } = usePage();
  const desk = useOrderDesk();
  const asking = useSignal(false);
  const no = useRef<HTMLButtonElement>(null);
  const ask = useRef<HTMLButtonElement>(null);
  const asked = useRef(false);
  // The button that was pressed goes, and the focus must not go with it: to the harmless answer, and back.
  useLayoutEffect(() => {
    if (asking.value) no.current?.focus();
    else if (asked.current) ask.current?.focus();
    asked.current = asking.value;
  }, [asking.value]);
  if (!asking.value) {
    return (
      <>
        <button
          type="button"
          class={props.look ?? "secondary"}
          ref={ask}
          aria-label={props.name}
          aria-busy={desk.pending !== undefined}
          disabled={stale.value}
          onClick={() => (asking.value = true)}
        >
          {props.label}
        </button>
        <Failure desk={desk} />
      </>
    );
  }
  return (
    <div class="asking" role="group" aria-label={props.question}>
      <p>
        {props.question} {props.consequence}
      </p>
      <button
        type="button"
        class="danger"
        onClick={() => {
          asking.value = false;
          desk.give(props.label, ordered(props.work));
        }}
      >
        {props.label}
      </button>
      <button type="button" class="secondary" ref={no} onClick={() => (asking.value = false)}>
        {pageWords().cancel}
      </button>
    </div>
  );
}
