/** When a login was last used is for people to look at: it is written down now and then, and what cannot be written refuses nobody. */

/** Use that is this much newer than what is written down, ms, is written. */
const NOTE_EVERY_MS = 3_600_000;

/** `note(written, now)`: `save` is called when it is time and not under way; one that failed is tried again at the next use. */
export function createNote(save: () => Promise<void>): (writtenAt: number, now: number) => void {
  let underWay = false;
  const over = (): void => void (underWay = false);
  return (writtenAt, now) => {
    if (underWay || now - writtenAt <= NOTE_EVERY_MS) return;
    underWay = true;
    save().then(over, over);
  };
}
