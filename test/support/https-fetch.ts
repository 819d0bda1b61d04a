import { request } from "node:https";
import { text } from "node:stream/consumers";

/** `fetch` from a server whose certificate an authority of the test's own has signed (PEM): Node's own takes no further one. */
export function fetchTrusting(ca: string): (url: string, init?: RequestInit) => Promise<Response> {
  return (url, init = {}) =>
    new Promise((resolve, reject) => {
      const headers = Object.fromEntries(new Headers(init.headers));
      const asked = request(url, { method: init.method ?? "GET", headers, ca, agent: false }, (answer) => {
        text(answer).then((body) => {
          const status = answer.statusCode ?? 0;
          const told = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
          resolve(new Response(status === 204 || status === 304 ? null : body, { status, headers: told }));
        }, reject);
      });
      asked.on("error", reject);
      asked.end(init.body as string | undefined);
    });
}
