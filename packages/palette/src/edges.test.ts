import type { VerdictData } from "@skein/contracts";
import { judgeEdge } from "./edges";

const verdict = (state: VerdictData["state"], since: number, previous?: VerdictData["state"]): VerdictData => ({
  state,
  cause: "beat",
  since,
  virtual: false,
  ...(previous ? { previous: { state: previous, cause: "beat", since: since - 1 } } : {}),
});
const live = { replayed: false, ready: true, at: 100 };
const kept = { replayed: true, ready: true, at: 100 };
const early = { replayed: false, ready: false, at: 100 };
const late = { replayed: false, ready: true, at: 60_000 };

describe("an edge", () => {
  it.each`
    last                    | next                               | heard    | edge     | because
    ${verdict("alive", 10)} | ${verdict("dead", 20)}             | ${live}  | ${true}  | ${"a death heard live is news"}
    ${verdict("dead", 20)}  | ${verdict("alive", 30)}            | ${live}  | ${true}  | ${"so is a return"}
    ${verdict("alive", 10)} | ${verdict("unknown", 20)}          | ${live}  | ${false} | ${"that nobody judges is no news of a follower"}
    ${verdict("alive", 10)} | ${verdict("alive", 30, "unknown")} | ${live}  | ${false} | ${"unknown in between is nothing"}
    ${verdict("alive", 10)} | ${verdict("dead", 30, "unknown")}  | ${live}  | ${true}  | ${"one that died while nobody judged is told late"}
    ${verdict("alive", 10)} | ${verdict("dead", 30)}             | ${kept}  | ${true}  | ${"one that died while we were off the bus is told late"}
    ${verdict("dead", 20)}  | ${verdict("alive", 10)}            | ${kept}  | ${false} | ${"an older state that a broker remembered is ignored"}
    ${verdict("alive", 10)} | ${verdict("dead", 5)}              | ${live}  | ${true}  | ${"heard live, a leader's clock that was set back does not matter"}
    ${verdict("dead", 10)}  | ${verdict("suspect", 20)}          | ${live}  | ${false} | ${"a dead one is not doubted"}
    ${undefined}            | ${verdict("dead", 10, "suspect")}  | ${kept}  | ${false} | ${"the first picture is none"}
    ${undefined}            | ${verdict("alive", 10, "unknown")} | ${live}  | ${false} | ${"after a leader's restart the first word is the base"}
    ${undefined}            | ${verdict("joining", 10)}          | ${live}  | ${true}  | ${"a follower new to everybody is news"}
    ${undefined}            | ${verdict("joining", 10)}          | ${kept}  | ${false} | ${"one that joined before we listened is not"}
    ${undefined}            | ${verdict("joining", 10)}          | ${early} | ${false} | ${"nor one that is heard while the first picture comes in"}
    ${undefined}            | ${verdict("alive", 10)}            | ${late}  | ${false} | ${"nor one that the leader takes up again after its restart"}
    ${undefined}            | ${verdict("dead", 10)}             | ${live}  | ${false} | ${"nor one that is found dead"}
  `("$because", ({ last, next, heard, edge }) => {
    expect(judgeEdge(last, next, heard).edge).toBe(edge);
  });

  it("tells no death of one that was dead before everything was restarted", () => {
    const doubt = judgeEdge(undefined, verdict("suspect", 10, "unknown"), live);
    expect(judgeEdge(doubt.known, verdict("dead", 20, "suspect"), live).edge).toBe(false);
  });

  it("tells the death of one that was doubted when we began to listen", () => {
    const doubt = judgeEdge(undefined, verdict("suspect", 10, "alive"), kept);
    expect(judgeEdge(doubt.known, verdict("dead", 20, "suspect"), live)).toMatchObject({ edge: true });
  });
});
