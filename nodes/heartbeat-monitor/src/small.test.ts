import type { VerdictData } from "@skein/contracts";
import type { FleetMember } from "@skein/palette";
import { createChoice } from "./choice";
import { reportOf } from "./report";
import { requestOf } from "./request";
import { summarise } from "./summary";

const verdict = (state: VerdictData["state"], since = 0, more: Partial<VerdictData> = {}): VerdictData => ({
  state,
  cause: "beat",
  since,
  virtual: false,
  ...more,
});
const member = (state: VerdictData["state"], since = 0, more: Partial<VerdictData> = {}): FleetMember => ({
  id: "cv-1",
  name: "Hall",
  virtual: false,
  verdict: verdict(state, since, more),
});

describe("which changes are told", () => {
  /** Plays a row of states, and says what was told of them. */
  const told = (chosen: VerdictData["state"][], ...states: VerdictData["state"][]) => {
    const choice = createChoice(chosen);
    return states.slice(1).flatMap((state, index) => {
      const before = states[index];
      const news = choice.weigh(member(state), before && verdict(before));
      return news ? [`${news.before?.state ?? "-"} -> ${state}`] : [];
    });
  };

  it.each`
    chosen                  | states                                   | tells                                       | because
    ${["dead", "alive"]}    | ${["alive", "dead", "alive"]}            | ${["alive -> dead", "dead -> alive"]}       | ${"a death and a return"}
    ${["dead", "alive"]}    | ${["alive", "suspect", "alive"]}         | ${[]}                                       | ${"a doubt nobody asked for that ends well is nothing"}
    ${["dead", "alive"]}    | ${["alive", "suspect", "dead", "alive"]} | ${["alive -> dead", "dead -> alive"]}       | ${"a doubt that ends in death is told as the death"}
    ${["alive", "suspect"]} | ${["alive", "suspect", "alive"]}         | ${["alive -> suspect", "suspect -> alive"]} | ${"a doubt that was asked for is told, and its end"}
    ${["alive"]}            | ${["alive", "dead", "alive"]}            | ${["dead -> alive"]}                        | ${"only what was chosen"}
    ${[]}                   | ${["alive", "dead", "alive"]}            | ${[]}                                       | ${"nothing chosen, nothing told"}
  `("$because", ({ chosen, states, tells }) => {
    expect(told(chosen, ...(states as VerdictData["state"][]))).toEqual(tells);
  });

  it("keeps quiet about the good end of a doubt that began before this node did, and makes up nothing about before", () => {
    const choice = createChoice(["dead", "alive"]);
    expect(choice.weigh(member("alive"), verdict("suspect"))).toBeUndefined();
    expect(choice.weigh(member("dead"), verdict("suspect", 7))).toEqual({ before: verdict("suspect", 7) });
  });
});

describe("what is told", () => {
  it("says how long one was away that is back", () => {
    expect(reportOf(member("alive", 60_000), verdict("dead", 20_000, { lastSeenAt: 5_000 }))).toMatchObject({
      id: "cv-1",
      name: "Hall",
      state: "alive",
      before: { state: "dead", since: 20_000 },
      awayMs: 55_000,
    });
  });

  it("takes what was before from the leader where this node has not seen it", () => {
    const previous = { state: "dead", cause: "will", since: 10 } as const;
    expect(reportOf(member("alive", 50, { previous }))).toMatchObject({ before: previous, awayMs: 40 });
  });
});

describe("the line under the node", () => {
  const now = { judged: true, linkUp: true, lacksRoom: false };
  it.each`
    states                  | situation                                   | line
    ${["alive", "alive"]}   | ${now}                                      | ${{ tone: "good", key: "count", alive: 2, total: 2 }}
    ${["alive", "dead"]}    | ${now}                                      | ${{ tone: "bad", key: "count", alive: 1, total: 2 }}
    ${["alive", "suspect"]} | ${now}                                      | ${{ tone: "doubt", key: "count", alive: 1 }}
    ${["alive", "unknown"]} | ${now}                                      | ${{ tone: "unknown", key: "count", alive: 1 }}
    ${["alive", "dead"]}    | ${{ ...now, lacksRoom: true }}              | ${{ tone: "bad", key: "count", pending: false }}
    ${["alive", "suspect"]} | ${{ ...now, lacksRoom: true }}              | ${{ tone: "doubt", key: "noRoom", pending: true }}
    ${["unknown"]}          | ${{ ...now, judged: false }}                | ${{ tone: "unknown", key: "noLeader", pending: true }}
    ${["unknown"]}          | ${{ ...now, judged: false, linkUp: false }} | ${{ tone: "unknown", key: "noBus", pending: true }}
    ${[]}                   | ${now}                                      | ${{ tone: "unknown", key: "none" }}
  `("is $line for $states", ({ states, situation, line }) => {
    expect(
      summarise(
        (states as VerdictData["state"][]).map((state) => member(state)),
        situation,
      ),
    ).toMatchObject(line);
  });
});

describe("a message to the node", () => {
  it.each`
    message                                     | request
    ${{}}                                       | ${{ ask: "state", whom: undefined }}
    ${{ payload: 1764000000000 }}               | ${{ ask: "state", whom: undefined }}
    ${{ payload: "cv-1" }}                      | ${{ ask: "state", whom: "cv-1" }}
    ${{ payload: "followers/cv-1" }}            | ${{ ask: "state", whom: "cv-1" }}
    ${{ payload: "x", follower: "cv-*" }}       | ${{ ask: "state", whom: "cv-*" }}
    ${{ follower: "cv-1", maintenance: 90 }}    | ${{ ask: "maintenance", whom: "cv-1", forMs: 5_400_000 }}
    ${{ follower: "cv-1", maintenance: "1.5" }} | ${{ ask: "maintenance", whom: "cv-1", forMs: 90_000 }}
    ${{ follower: "cv-1", maintenance: 4.35 }}  | ${{ ask: "maintenance", whom: "cv-1", forMs: 261_000 }}
    ${{ follower: "cv-1", maintenance: true }}  | ${{ ask: "maintenance", whom: "cv-1", forMs: 86_400_000 }}
    ${{ follower: "cv-1", maintenance: false }} | ${{ ask: "maintenance", whom: "cv-1", forMs: 0 }}
  `("$message asks for $request", ({ message, request }) => {
    expect(requestOf(message)).toEqual(request);
  });

  it.each`
    message                                      | code
    ${{ maintenance: 10 }}                       | ${"FOLLOWER_MISSING"}
    ${{ follower: "cv-1", maintenance: -1 }}     | ${"MAINTENANCE_INVALID"}
    ${{ follower: "cv-1", maintenance: 99_999 }} | ${"MAINTENANCE_INVALID"}
    ${{ follower: "cv-1", maintenance: "long" }} | ${"MAINTENANCE_INVALID"}
  `("$message is refused with $code", ({ message, code }) => {
    expect(() => requestOf(message)).toThrow(expect.objectContaining({ code }));
  });
});
