/** Order of what the writer asks of the file's thread, when something is found while a commit is under way. */
import { FakeClock, SkeinError } from "@skein/kit";
import { defaultWaiting } from "./limits";
import type { Asked, Opened, QuestionName } from "./protocol";
import type { Thread } from "./thread";
import { Writer } from "./writer";

const file = { fileBytes: 0, journalBytes: 0, firstSeq: undefined };
const event = { id: 1, at: 1, type: "x", severity: "info", text: "y", audit: false } as const;

describe("What is written", () => {
  let clock: FakeClock;
  let asked: { name: QuestionName; value: unknown; answer: (value: object) => void }[];
  let states: (string | undefined)[];
  let writer: Writer;
  beforeEach(() => {
    clock = new FakeClock();
    asked = [];
    states = [];
    const ask = (name: QuestionName, value: Asked<QuestionName>) =>
      new Promise((resolve) => asked.push({ name, value, answer: resolve }));
    writer = new Writer({
      thread: { ask: ask as Thread["ask"] },
      clock,
      limits: defaultWaiting,
      commitEveryMs: 400,
      onOpened: () => {},
      onSaved: () => {},
      onState: (failure) => states.push(failure?.code),
    });
  });
  const answer = async (name: QuestionName, value: object) => {
    const next = asked.shift();
    expect(next?.name).toBe(name);
    next?.answer(value);
    await clock.advance(0);
    return next?.value;
  };
  const opened: Opened = { ...file, lastSeq: 0, lastEvent: 0 };

  it("goes into a new file once damage was found, although the commit that was under way succeeded", async () => {
    void writer.open();
    await answer("open", opened);
    writer.events.push(event);
    writer.added();
    await clock.advance(400);
    writer.report(new SkeinError("HISTORY_CORRUPT", "a check has found it damaged"));
    writer.events.push({ ...event, id: 2 });
    await answer("write", file);
    expect([states, writer.failure?.code]).toEqual([["HISTORY_CORRUPT"], "HISTORY_CORRUPT"]);

    await clock.advance(500);
    expect(await answer("open", { ...opened, putAside: "aside" })).toMatchObject({ damaged: true });
    expect(await answer("write", file)).toMatchObject({ events: [{ id: 2 }] });
    expect(states).toEqual(["HISTORY_CORRUPT", undefined]);
  });

  it("waits for another opening when damage was found while it was being opened", async () => {
    void writer.open();
    writer.events.push(event);
    writer.report(new SkeinError("HISTORY_CORRUPT", "a check has found it damaged"));
    expect(await answer("open", opened)).toMatchObject({ damaged: false });
    expect(asked).toEqual([]);

    await clock.advance(500);
    expect(await answer("open", { ...opened, putAside: "aside" })).toMatchObject({ damaged: true });
    expect(await answer("write", file)).toMatchObject({ events: [{ id: 1 }] });
  });
});
