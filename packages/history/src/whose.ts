/** Whose something is: a resident's own, or of an account while it was theirs. */

/** An account while it was somebody's; wall clock, ms. */
export interface AccountSpan {
  readonly id: string;
  /** What is older is not theirs. */
  readonly from?: number | undefined;
  /** Nor is what is as old as this, or newer. */
  readonly until?: number | undefined;
}

export interface ResidentQuestion {
  readonly id: string;
  /** Accounts of theirs: what these did in that time, and what names them in it, is theirs too. */
  readonly actors: readonly AccountSpan[];
}

/** Whether it was theirs then. */
export const isWithin = ({ from = -Infinity, until = Infinity }: AccountSpan, at: number): boolean =>
  from <= at && at < until;
