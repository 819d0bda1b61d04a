/**
 * Notes what flows are asked over HTTP, as a replay needs it: method, path, headers and the body's bytes as they came. It looks on as
 * the bytes go by and holds nothing up; the note is complete before the flow sees the end of the body.
 */
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { FlowInput } from "@skein/contracts";

/** Of a body that is kept; a longer one is cut there and said to be. */
export const MAX_KEPT_BODY_BYTES = 64 * 1024;
const MAX_URL = 4096;
/** What names and values like these bear opens doors: a journal is no place for it. A replay then sends no such header. */
const SECRET = /auth|cookie|token|secret|passw|api[-_]?key|signature|credential/i;

/** Call it before anybody reads the request; `tell` is called once, when it has come in whole. */
export function tapHttp(req: IncomingMessage, tell: (input: FlowInput) => void): void {
  const kept: Buffer[] = [];
  let bytes = 0;
  const push = req.push.bind(req);
  // As it is asked now: express takes the mount's path off `url` while it hands the request on.
  const { method = "GET", url = "", headers } = req;
  // Node's parser hands each piece to `push`; a listener for "data" would set the stream going before the flow's own reader is there.
  req.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    if (chunk === null) {
      req.push = push;
      tell(noteOf({ method, url, headers }, Buffer.concat(kept), bytes));
    } else {
      const room = MAX_KEPT_BODY_BYTES - Math.min(bytes, MAX_KEPT_BODY_BYTES);
      // A copy: the piece may be a view of a buffer that is used again.
      if (room > 0) kept.push(Buffer.from(chunk.subarray(0, room)));
      bytes += chunk.length;
    }
    return push(chunk, encoding);
  };
}

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

function noteOf({ method, url, headers }: Asked, body: Buffer, bytes: number): FlowInput {
  return {
    input: "http",
    method,
    url: withoutSecrets(url).slice(0, MAX_URL),
    headers: Object.fromEntries(
      Object.entries(headers)
        .filter(([name, value]) => value !== undefined && !SECRET.test(name))
        .map(([name, value]) => [name, String(value)]),
    ),
    ...(bytes > 0 && { body: { base64: body.toString("base64"), bytes } }),
  };
}

function withoutSecrets(url: string): string {
  const at = url.indexOf("?");
  if (at < 0) return url;
  const rest = url
    .slice(at + 1)
    .split("&")
    .filter((pair) => !SECRET.test(pair.split("=", 1)[0] ?? ""));
  return url.slice(0, at) + (rest.length > 0 ? `?${rest.join("&")}` : "");
}
