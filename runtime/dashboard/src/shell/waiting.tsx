import { pageWords } from "../page-words";
import { usePage } from "../view/page";
import { Front } from "./front";

/** Before the leader's first word. */
export function Waiting() {
  const words = pageWords();
  const away = usePage().session.standing.value === "away";
  return <Front title={away ? words.neverHeard : words.connecting}>{away && <p>{words.neverHeardHint}</p>}</Front>;
}
