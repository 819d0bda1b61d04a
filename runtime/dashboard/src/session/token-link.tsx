import { Front } from "../shell/front";
import { Copyable } from "../view/copyable";
import { sessionWords } from "./words";

/** What a token's QR code opens: it says what the token is for. It is no login: a token is a program's, and a page has sessions. */
export function TokenLink({ token }: { token: string }) {
  const words = sessionWords();
  return (
    <Front title={words.tokenTitle}>
      <p>{words.tokenText}</p>
      <Copyable text={token} label={words.token} />
      <p>
        <a class="primary" href="./">
          {words.toPage}
        </a>
      </p>
    </Front>
  );
}
