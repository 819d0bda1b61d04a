/** Requests and answers of the newer family: many methods in one, an outlet's within its strip's, each with an error number of its own. */
import { SkeinError } from "@skein/kit";
import { z } from "zod";
import { words } from "./said";

export interface Call {
  readonly method: string;
  readonly params?: object;
}

/** At most five, and the device stops at the first that it refuses (reference/kasa.md, "SMART JSON"). */
export const many = (requests: readonly Call[]): Call => ({ method: "multipleRequest", params: { requests } });
export const MOST_IN_ONE = 5;

/**
 * What the outlet is to do, in the envelope that its strip takes it in (python-kasa, kasa/protocols/smartprotocol.py,
 * `_ChildProtocolWrapper`); without an outlet, to the device itself.
 */
export const addressed = (outlet: string | undefined, call: Call): Call =>
  outlet === undefined ? call : { method: "control_child", params: { device_id: outlet, requestData: call } };

/** One method's answer. @throws SkeinError DEVICE_REFUSED, KASA_GARBAGE */
export function one<S extends z.ZodType>(answer: object, method: string, schema: S): z.output<S> {
  const { error_code, result } = parsed(answered, answer, method);
  if (error_code !== 0) throw refused(method, error_code);
  return parsed(schema, result, method);
}

/** What `many` answered. */
export interface Answers {
  /** Of a method that was asked once. @throws SkeinError DEVICE_REFUSED where it, or one before it, was refused; KASA_GARBAGE */
  of<S extends z.ZodType>(method: string, schema: S): z.output<S>;
  /** Of a method that was asked several times, in that order. @throws as `of` */
  all<S extends z.ZodType>(method: string, schema: S): z.output<S>[];
}

/** @param outlet the same as in `addressed`. @throws SkeinError DEVICE_REFUSED where all of it was refused; KASA_GARBAGE */
export function answersTo(outlet: string | undefined, answer: object): Answers {
  const whole = outlet === undefined ? answer : one(answer, "control_child", child).responseData;
  const { responses } = one(whole, "multipleRequest", manyAnswered);
  const all: Answers["all"] = (method, schema) => {
    const own = responses.filter((each) => each.method === method && each.error_code === 0);
    const no = responses.find(({ error_code }) => error_code !== 0);
    if (no && (own.length === 0 || no.method === method)) throw refused(no.method, no.error_code);
    if (own.length === 0) throw notUnderstood(method);
    return own.map(({ result }) => parsed(schema, result, method));
  };
  return { all, of: (method, schema) => all(method, schema)[0] as z.output<typeof schema> };
}

const answered = z.object({ error_code: z.number().default(0), result: z.unknown().optional() });
const manyAnswered = z.object({
  responses: z.array(z.object({ method: words, error_code: z.number(), result: z.unknown().optional() })).max(20),
});
const child = z.object({ responseData: z.looseObject({}) });

const refused = (method: string, code: number): SkeinError =>
  new SkeinError("DEVICE_REFUSED", `the device refuses ${method} (error ${code}).`);

const notUnderstood = (method: string): SkeinError =>
  new SkeinError("KASA_GARBAGE", `the device's answer to ${method} is not understood.`);

function parsed<S extends z.ZodType>(schema: S, said: unknown, method: string): z.output<S> {
  const read = schema.safeParse(said);
  if (!read.success) throw notUnderstood(method);
  return read.data;
}
