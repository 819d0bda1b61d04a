export { checkHistoryFile, copyHistoryFile } from "./check-file";
export type { Failure, FailureCode } from "./failure";
export type {
  AppendedRow,
  Events,
  History,
  HistoryHealth,
  HistoryOptions,
  Journal,
  Series,
  Verdicts,
} from "./history-types";
export { GAP, type JournalRow, lastOf } from "./journal-rows";
export type { Retention, WaitingLimits } from "./limits";
export { openHistory } from "./open-history";
export type { ResidentAnswer, SeriesKey, VerdictChange } from "./protocol";
export { type AccountSpan, isWithin } from "./whose";
