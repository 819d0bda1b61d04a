import { useSignal } from "@preact/signals";
import type { JoinCodeView } from "@skein/contracts";
import { useEffect, useRef } from "preact/hooks";
import { useResource } from "../api/use-resource";
import { placeOf } from "../registry";
import { hrefTo } from "../router";
import { Choice, Field, Form } from "../view/form";
import { Copyable } from "../view/copyable";
import { usePage } from "../view/page";
import { span } from "../words";
import type { Adding } from "./adding";
import { addingWords } from "./words";

export const addFollower: Adding = {
  id: "follower",
  title: () => addingWords().addFollower,
  about: () => addingWords().aboutFollower,
  role: "admin",
  view: AddFollower,
};

/** A name and a room, then the code to type on the board, until the board has joined. */
function AddFollower({ done }: { done: () => void }) {
  const { api } = usePage();
  const words = addingWords();
  const rooms = useResource("registry").value.value?.rooms ?? [];
  const code = useSignal<JoinCodeView | undefined>(undefined);
  const ask = async ({ name: text, room }: Readonly<Record<string, string>>) => {
    const name = text?.trim();
    code.value = await api.post<JoinCodeView>("join-codes", {
      ...(name ? { name } : {}),
      ...(room ? { room } : {}),
    });
  };
  if (code.value) return <Code code={code.value} again={() => (code.value = undefined)} done={done} />;
  return (
    <Form submitLabel={words.getCode} submit={ask} done="">
      <Field label={words.name} name="name" maxLength={60} hint={words.nameHint} />
      {rooms.length > 0 && (
        <Choice
          label={words.room}
          name="room"
          options={[{ value: "", label: words.noRoom }, ...rooms.map(({ id, name }) => ({ value: id, label: name }))]}
        />
      )}
    </Form>
  );
}

/** How long the good news stays before the dialog closes by itself, ms. */
const LINGER_MS = 4_000;

function Code({ code, again, done }: { code: JoinCodeView; again: () => void; done: () => void }) {
  const page = usePage();
  const { api, house, now } = page;
  const words = addingWords();
  const registry = useResource("registry").value.value;
  const came = useSignal<string | undefined>(undefined);
  // Others may come meanwhile, by another code: ours is in when its own is used.
  useEffect(
    () =>
      page.onEvent(({ type, subject, data }) => {
        if (type === "follower-joined" && data?.["code"] === code.code) came.value = subject?.id;
      }),
    [code.code],
  );
  const joined = came.value;
  const name =
    placeOf(registry, "follower", joined ?? "")?.name ??
    code.name ??
    house.followers.value.find(({ id }) => id === joined)?.view.value.name ??
    joined;
  const left = code.expiresAt - now.value;
  const used = useRef(false);
  used.current = joined !== undefined;

  useEffect(() => {
    if (joined === undefined) return;
    const timer = setTimeout(done, LINGER_MS);
    return () => clearTimeout(timer);
  }, [joined]);
  // A code that nobody waits for any more need not stay open; whether that went well is of no matter, since it expires.
  useEffect(
    () => () => {
      if (!used.current) void api.delete(`join-codes/${code.code}`).catch(() => {});
    },
    [code.code],
  );

  if (joined !== undefined && name !== undefined) {
    return (
      <p role="status" class="good-news">
        {words.joined(name)}{" "}
        <a href={hrefTo("followers", joined)} onClick={done}>
          {words.see}
        </a>
      </p>
    );
  }
  return (
    <>
      <p class="join-code" aria-label={words.code}>
        {code.code}
      </p>
      <p>{words.typeThis}</p>
      <Copyable text={code.command} label={words.command} />
      {left > 0 ? (
        <p class="hint" role="timer">
          {words.waiting(span(left, true))}
        </p>
      ) : (
        <p>
          {words.expired}{" "}
          <button type="button" class="secondary" onClick={again}>
            {words.again}
          </button>
        </p>
      )}
    </>
  );
}
