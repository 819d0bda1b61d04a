import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { pageWords } from "../page-words";
import { Failure, ordered, useOrderDesk } from "./orders";

/** What people fill in: one form, one button, one line that says why it failed. */
export function Form(props: {
  submitLabel: string;
  /** Gets each field's text by its name; what it throws is told below the button. */
  submit: (texts: Readonly<Record<string, string>>, form: HTMLFormElement) => Promise<unknown>;
  children: ComponentChildren;
  /** Said beside the button when it went well; "Saved" when left out. */
  done?: string;
  /** Beside the button. */
  aside?: ComponentChildren;
  label?: string;
}) {
  const desk = useOrderDesk();
  const done = useSignal(false);
  const submit = (event: JSX.TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const texts = Object.fromEntries(
      [...new FormData(form)].flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
    );
    done.value = false;
    desk.give(
      props.submitLabel,
      ordered(async () => {
        await props.submit(texts, form);
        done.value = true;
      }),
    );
  };
  return (
    <form class="form" onSubmit={submit} {...(props.label ? { "aria-label": props.label } : {})}>
      {props.children}
      <div class="form-end">
        <button type="submit" class="primary" aria-busy={desk.pending !== undefined}>
          {props.submitLabel}
        </button>
        {props.aside}
        <span role="status" class="done">
          {done.value && (props.done ?? pageWords().saved)}
        </span>
      </div>
      <Failure desk={desk} />
    </form>
  );
}

type Described = { label: string; hint?: ComponentChildren };

/*
 * Fields take a defaultValue and keep what is typed: a value would be written back whenever the page is drawn anew, which the
 * leader's news do at any moment.
 */

/** A labelled input; `hint` stands below it and is read with it. */
export function Field({ label, hint, ...input }: Described & Omit<JSX.InputHTMLAttributes<HTMLInputElement>, "label">) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input autocomplete="off" {...input} id={id} {...(hint ? { "aria-describedby": `${id}-hint` } : {})} />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** A labelled choice; `value` is the one that is chosen at first. */
export function Choice({
  label,
  hint,
  options,
  value,
  ...select
}: Described & {
  options: readonly { readonly value: string; readonly label: string }[];
} & Omit<JSX.SelectHTMLAttributes<HTMLSelectElement>, "label">) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select {...select} id={id} {...(hint ? { "aria-describedby": `${id}-hint` } : {})}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** A box to tick, with its sentence. */
export function Tick({ label, hint, ...input }: Described & Omit<JSX.InputHTMLAttributes<HTMLInputElement>, "label">) {
  return (
    <label class="tick">
      <input type="checkbox" {...input} />
      <span>
        {label}
        {hint && <span class="hint"> {hint}</span>}
      </span>
    </label>
  );
}
