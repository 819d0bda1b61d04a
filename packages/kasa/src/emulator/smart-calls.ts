/** How newer firmware answers: one method or several in one request, each with an error number; setters answer without a result. */

/** As python-kasa names them (kasa/exceptions.py, `SmartErrorCode`): unknown method, JSON decode failed, wrong parameters. */
const OK = 0;
const NO_METHOD = -1002;
const NO_JSON = -1003;
const INVALID = -1008;
const MOST_AT_ONCE = 5;

export interface Answer {
  readonly error_code: number;
  readonly result?: object;
}
export type Params = Readonly<Record<string, unknown>>;
export type Calls = Readonly<Record<string, (params: Params) => Answer>>;

export const done: Answer = { error_code: OK };
export const invalid: Answer = { error_code: INVALID };
export const tells = (result: object): Answer => ({ error_code: OK, result });

export const component = (id: string, ver_code: number) => ({ id, ver_code });

/** What answers with these methods, one by one or several in one request: the device, or one of its outlets. */
export function answering(calls: Calls): (request: unknown) => Answer {
  const one = (request: unknown): Answer => {
    if (!isObject(request)) return { error_code: NO_JSON };
    const { method } = request;
    const params = request["params"] ?? {};
    if (typeof method !== "string") return { error_code: NO_JSON };
    if (!isObject(params)) return invalid;
    if (method === "multipleRequest") return many(params["requests"]);
    const call = Object.hasOwn(calls, method) ? calls[method] : undefined;
    return call ? call(params) : { error_code: NO_METHOD };
  };
  /** Stops at the first that fails, as the devices do. */
  const many = (requests: unknown): Answer => {
    if (!Array.isArray(requests) || requests.length === 0 || requests.length > MOST_AT_ONCE) return invalid;
    const responses: object[] = [];
    for (const request of requests) {
      const answer = one(request);
      responses.push({ method: (request as { method?: unknown } | null)?.method, ...answer });
      if (answer.error_code !== OK) break;
    }
    return tells({ responses });
  };
  return one;
}

const isObject = (value: unknown): value is Params =>
  typeof value === "object" && value !== null && !Array.isArray(value);
