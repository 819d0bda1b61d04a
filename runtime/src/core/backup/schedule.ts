/** When the next backup is due, and which ones are too many. Pure; local time, as the owner's clock on the wall. */

/** The last time at which the clock on the wall showed `at` ("03:30"), ms. */
export function lastMoment(now: number, at: string): number {
  const [hours = 0, minutes = 0] = at.split(":").map(Number);
  const moment = new Date(now);
  moment.setHours(hours, minutes, 0, 0);
  if (moment.getTime() > now) moment.setDate(moment.getDate() - 1);
  return moment.getTime();
}

/** Also one that was missed: the house was off at that time. */
export const isDue = (now: number, at: string, newest: number | undefined): boolean =>
  newest === undefined || newest < lastMoment(now, at);

/** Of names newest first, the ones beyond `keep`. */
export const tooMany = (ids: readonly string[], keep: number): readonly string[] => ids.slice(keep);
