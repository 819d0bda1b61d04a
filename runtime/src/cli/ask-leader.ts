/** An order to the leader that runs on this machine, by its API. */
import { request as requestPlain, type IncomingMessage } from "node:http";
import { request as requestByTls } from "node:https";

/** One that hangs shall not make whoever asks wait for long. */
const PATIENCE_MS = 10_000;

export interface Answer {
  readonly body: unknown;
  /** Of the session that it began, for the next order. */
  readonly cookie?: string | undefined;
}

/** `<url>api/v1/<path>`; a POST, unless `method` says otherwise. @throws Error with the leader's own words when it refuses */
export async function askLeader(
  url: string,
  path: string,
  {
    method = "POST",
    body,
    cookie,
    patienceMs = PATIENCE_MS,
  }: {
    readonly method?: "GET" | "POST";
    readonly body?: object;
    readonly cookie?: string | undefined;
    readonly patienceMs?: number;
  } = {},
): Promise<Answer> {
  const headers = {
    "content-type": "application/json",
    // Without it a cookie counts for nothing in an order.
    origin: new URL(url).origin,
    ...(cookie !== undefined && { cookie }),
  };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { method, headers, timeout: patienceMs };
    const target = `${url}api/v1/${path}`;
    // We ask ourselves, on this machine: the certificate is for the name that others know us by.
    const asked = url.startsWith("https:")
      ? requestByTls(target, { ...options, rejectUnauthorized: false }, resolve)
      : requestPlain(target, options, resolve);
    asked.on("error", reject).on("timeout", () => asked.destroy(new Error("the leader does not answer")));
    asked.end(method === "POST" ? JSON.stringify(body ?? {}) : undefined);
  });
  let text = "";
  for await (const chunk of answer as AsyncIterable<Buffer>) text += chunk.toString();
  const status = answer.statusCode ?? 0;
  if (status >= 300) throw new Error(detailOf(text) ?? `the leader answered ${status}`);
  return {
    body: text === "" ? undefined : (JSON.parse(text) as unknown),
    cookie: answer.headers["set-cookie"]?.[0]?.split(";")[0],
  };
}

/** What a refusal says for people (RFC 9457). */
function detailOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { detail?: string }).detail;
  } catch {
    return undefined;
  }
}
