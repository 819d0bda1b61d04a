import { types } from "node:util";

/**
 * The one error base. `code` is an own, stable property, so that a Catch node, an API answer and a test can rely on it
 * while the sentence changes. Every code stands in docs/errors.md (test/errors-doc.test.ts checks both ways).
 */
export class SkeinError extends Error {
  readonly code: string;
  /** What the user can do about it, if anything; shown after the message. */
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(
      options.hint ? `${message} ${options.hint}` : message,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = "SkeinError";
    this.code = code;
    this.hint = options.hint;
  }
}

/** An Error, also one from another realm (a vm context, as jest and Node-RED's function nodes make them). */
const isError = (thrown: unknown): thrown is Error => thrown instanceof Error || types.isNativeError(thrown);

/** True for an Error with a `code`: ours, Node's and most libraries'. */
export function hasCode(error: unknown, code?: string): error is Error & { code: string } {
  return (
    isError(error) && "code" in error && typeof error.code === "string" && (code === undefined || error.code === code)
  );
}

/** No room, or none for this user. */
export const isDiskFull = (error: unknown): boolean => hasCode(error, "ENOSPC") || hasCode(error, "EDQUOT");

/** What to print of anything that was thrown. */
export const messageOf = (error: unknown): string => (isError(error) ? error.message : String(error));
