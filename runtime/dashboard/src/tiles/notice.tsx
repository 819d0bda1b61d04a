import { useComputed } from "@preact/signals";
import type { NoticeView } from "@skein/contracts";
import { dateTime } from "../i18n/format";
import { Failure, OrderButton, ordered, useOrderDesk } from "../view/orders";
import { usePage } from "../view/page";
import { tileWords } from "./words";

/** Something that a flow or the house wants somebody to know, with the buttons that go back into the flow. */
export function Notice({ notice }: { notice: NoticeView }) {
  const { api, session, resources, now } = usePage();
  const desk = useOrderDesk();
  const words = tileWords();
  const { id, severity, title, text, hasPicture, actions, answered, at, expiresAt } = notice;
  // Computed, since the clock goes on five times a second and this changes once.
  const over = useComputed(() => now.value >= (expiresAt ?? Infinity)).value;
  const open = actions.length > 0 && !answered && !over;
  const send = (path: string, body?: unknown) =>
    ordered(async () => {
      await api.post(`notices/${encodeURIComponent(id)}/${path}`, body);
      await resources.of("notices").refresh();
    });
  const labelOf = (action: string) => actions.find((each) => each.id === action)?.label ?? action;
  return (
    <li class={`notice severity-${severity}`} data-notice={id}>
      <p class="notice-text">
        {title && <strong>{title}</strong>} <span>{text}</span>
      </p>
      {hasPicture && (
        <img src={api.href(`notices/${encodeURIComponent(id)}/picture`)} alt={words.picture} loading="lazy" />
      )}
      <p class="hint">
        <time dateTime={new Date(at).toISOString()}>{dateTime(at)}</time>
        {answered && ` · ${words.answered(labelOf(answered.action), answered.by)}`}
        {open && expiresAt !== undefined && ` · ${words.answerUntil(dateTime(expiresAt))}`}
        {!answered && over && actions.length > 0 && ` · ${words.answerOver}`}
      </p>
      {session.may("operator") && (
        <div class="buttons">
          {open &&
            actions.map((action) => (
              <OrderButton
                key={action.id}
                desk={desk}
                label={action.label}
                about={title ?? text}
                tone="main"
                order={send("answer", { action: action.id })}
              />
            ))}
          <OrderButton desk={desk} label={words.dismiss} about={title ?? text} order={send("dismiss")} />
        </div>
      )}
      <Failure desk={desk} />
    </li>
  );
}
