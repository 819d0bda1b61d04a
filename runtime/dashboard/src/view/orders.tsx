import { useSignal } from "@preact/signals";
import type { ActionResult } from "@skein/contracts";
import type { ComponentChildren } from "preact";
import { problemWords, type Problem } from "../api/problem-words";
import { pageWords } from "../page-words";
import { usePage } from "./page";

/** Buttons that order something of the leader, and the one line that says why an order failed. */
export interface OrderDesk {
  /** The label of the order that is under way. */
  readonly pending: string | undefined;
  readonly failure: (Problem & { readonly label: string }) | undefined;
  give(label: string, order: () => Promise<Ordered>): void;
  forget(): void;
}

/** What became of it; where it failed, with what there is to tell people. */
export type Ordered = ActionResult | ({ readonly ok: false } & Problem);

/** One desk a card: one order at a time, and the last failure stays until the next order or until it is waved away. */
export function useOrderDesk(): OrderDesk {
  const pending = useSignal<string | undefined>(undefined);
  const failure = useSignal<OrderDesk["failure"]>(undefined);
  const carryOut = async (label: string, order: () => Promise<Ordered>) => {
    const result = await order();
    pending.value = undefined;
    if (!result.ok) failure.value = { ...result, label };
  };
  return {
    pending: pending.value,
    failure: failure.value,
    forget: () => (failure.value = undefined),
    give(label, order) {
      if (pending.value !== undefined) return;
      pending.value = label;
      failure.value = undefined;
      void carryOut(label, order);
    },
  };
}

/** What the API is asked, as an order: a failure becomes its result, in words. */
export const ordered = (work: () => Promise<unknown>) => async (): Promise<Ordered> => {
  try {
    await work();
    return { ok: true };
  } catch (error) {
    return { ok: false, ...problemWords(error) };
  }
};

/**
 * A button with a name of its own for screen readers ("Crash Kitchen"). It is not disabled while its order is under way,
 * only busy, so that the keyboard's focus stays where it was.
 */
export function OrderButton(props: {
  desk: OrderDesk;
  label: string;
  /** What the order is about, for its accessible name. */
  about: string;
  order: () => Promise<Ordered>;
  tone?: "plain" | "harm" | "mend" | "main";
  /** Beside the label. */
  icon?: ComponentChildren;
}) {
  const { stale } = usePage();
  const busy = props.desk.pending === props.label;
  return (
    <button
      type="button"
      class={`order ${props.tone ?? "plain"}`}
      aria-label={`${props.label}: ${props.about}`}
      aria-busy={busy}
      aria-disabled={props.desk.pending !== undefined}
      disabled={stale.value}
      onClick={() => props.desk.give(props.label, props.order)}
    >
      {props.icon}
      {props.label}
    </button>
  );
}

export function Failure({ desk }: { desk: OrderDesk }) {
  const { failure } = desk;
  return (
    <div role="alert" class="failure-slot">
      {failure && (
        <p class="failure">
          <span>
            <strong>{pageWords().failed(failure.label)}</strong> {failure.message}{" "}
            {failure.detail && <span lang="en">{failure.detail} </span>}
            {failure.code && <code>{failure.code}</code>}
          </span>
          <button
            type="button"
            class="wave-away"
            aria-label={pageWords().dismiss(failure.label)}
            onClick={() => desk.forget()}
          >
            ×
          </button>
        </p>
      )}
    </div>
  );
}

export const ButtonRow = ({ label, children }: { label: string; children: ComponentChildren }) => (
  <div class="buttons" role="group" aria-label={label}>
    {children}
  </div>
);
