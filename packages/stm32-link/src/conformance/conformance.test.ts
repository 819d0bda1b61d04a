import { FakeClock } from "@skein/kit";
import { FakeBoard } from "../testing/fake-board";
import { tryBoard, type Result } from "./conformance";

/** Boards that do one thing wrong each; a whole one is tried on the firmware itself (test/hub). */
describe("The trial of a board", () => {
  const tried = async (board: FakeBoard): Promise<Result[]> => {
    const clock = new FakeClock();
    const results: Result[] = [];
    let over = false;
    const trial = tryBoard(board.open, clock, (result) => results.push(result)).finally(() => (over = true));
    while (!over) await clock.advance(100);
    await trial;
    return results;
  };
  const failures = (results: readonly Result[]) =>
    results.filter(({ outcome }) => outcome === "failed").map(({ says }) => says);

  it("ends at a board that says nothing", async () => {
    const board = new FakeBoard();
    board.deaf = Infinity;
    expect(await tried(board)).toMatchObject([
      { outcome: "failed", why: expect.stringMatching(/did not come within/) },
    ]);
  });

  it("finds a description that is not what its CRC says, a value out of range that is taken, and a heart that does not beat", async () => {
    const liar = new FakeBoard();
    liar.liesOfItsDescription = true;
    const results = await tried(liar);
    expect(results[0]).toEqual({ says: expect.stringMatching(/answers HELLO_REQ/), outcome: "ok" });
    expect(failures(results)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/CRC of HELLO/) as string,
        expect.stringMatching(/value out of range/),
        expect.stringMatching(/HEARTBEAT every 5 s/),
      ]),
    );
    expect(results.find(({ says }) => /does a repeated order once/.test(says))?.outcome).toBe("ok");
  });

  it("skips what this board has nothing for", async () => {
    const skipped = (await tried(new FakeBoard())).filter(({ outcome }) => outcome === "skipped");
    expect(skipped).toEqual([
      {
        says: expect.stringMatching(/only while armed/),
        outcome: "skipped",
        why: "this board has no channel that needs ARM",
      },
    ]);
  });
});
