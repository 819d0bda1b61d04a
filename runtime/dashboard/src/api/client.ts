import { ApiError } from "./api-error";

/** The leader's REST API as the page asks it: JSON in, JSON out, every failure an ApiError. */
export interface Api {
  get<T>(path: string): Promise<T>;
  /** For an answer that is one list under a name of its own: `{accounts: [...]}`. */
  list<T>(path: string): Promise<T[]>;
  post<T = void>(path: string, body?: unknown): Promise<T>;
  put<T = void>(path: string, body: unknown): Promise<T>;
  patch<T = void>(path: string, body: unknown): Promise<T>;
  delete(path: string): Promise<void>;
  /** An address of the API, for a picture or a download. */
  href(path: string): string;
}

export interface ApiOptions {
  readonly fetch?: typeof fetch;
  /** Called whenever an answer but that of `me` says that nobody is logged in; the call itself still rejects. */
  readonly onLoginNeeded: () => void;
}

/** No answer for this long, ms, is none. Longer than any order of the API takes but a backup of years. */
const TIMEOUT_MS = 60_000;

export function createApi({ fetch: ask = (...request) => fetch(...request), onLoginNeeded }: ApiOptions): Api {
  const href = (path: string) => `./api/v1/${path}`;
  async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await ask(href(path), {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new ApiError(0, "LEADER_NO_ANSWER", cause instanceof Error ? cause.message : String(cause));
    });
    if (response.ok) return (response.status === 204 ? undefined : await json(response)) as T;
    const { code, detail } = ((await json(response)) ?? {}) as { code?: string; detail?: string };
    // Not by the status: a wrong password is a 401 as well.
    if (code === "LOGIN_NEEDED" && path !== "me") onLoginNeeded();
    throw new ApiError(response.status, code ?? `HTTP_${response.status}`, detail ?? response.statusText);
  }
  return {
    href,
    get: (path) => send("GET", path),
    async list<T>(path: string) {
      const answer = await send<Record<string, unknown>>("GET", path);
      return (Object.values(answer).find((value) => Array.isArray(value)) ?? []) as T[];
    },
    post: (path, body) => send("POST", path, body),
    put: (path, body) => send("PUT", path, body),
    patch: (path, body) => send("PATCH", path, body),
    delete: (path) => send("DELETE", path),
  };
}

/** Undefined for what is no JSON: a proxy's own error page has a status, and that is all we need of it. */
const json = (response: Response): Promise<unknown> => response.json().catch(() => undefined);
