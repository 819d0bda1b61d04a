/** Why the leader did not do what was asked (RFC 9457: `code` stays, `detail` is a sentence for people). */
export class ApiError extends Error {
  constructor(
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
    this.name = "ApiError";
  }
}
