/** Routines in a real core on a memory bus, over real HTTP; the flow host's place the test takes. */
import type { Bus } from "@skein/bus";
import { routine, routineCommand, routinesView, type DataOf, type NewEvent } from "@skein/contracts";
import { SkeinError } from "@skein/kit";
import request from "supertest";
import { eventually } from "../../../../test/support/eventually";
import { coreOnMemory, type CoreOnMemory } from "../testing/core-on-memory";
import { bearer } from "../testing/owner";
import { createRoutines } from "./routines";

describe("routines", () => {
  let house: CoreOnMemory;
  let flows: Bus;
  let started: DataOf<typeof routineCommand>[];
  const parts = { type: "parts", broker: "up", core: "up", safeMode: false } as const;
  const list = async () =>
    routinesView.parse(
      (await request(house.url).get("/api/v1/routines").set(bearer(house.logins.viewer)).expect(200)).body,
    ).routines;
  const start = (id: string, body: object = {}, who: "operator" | "viewer" = "operator") =>
    request(house.url).post(`/api/v1/routines/${id}`).set(bearer(house.logins[who])).send(body);
  const codeOf = ({ status, body }: request.Response) => [status, (body as { code?: string }).code];
  const open = (id: string, name: string, more: object = {}) =>
    flows.publish(routine, { host: "flow-host", id }, { name, ...more });

  beforeAll(async () => {
    house = await coreOnMemory({ accounts: ["admin", "operator", "viewer"] });
    house.core.setParts({ ...parts, flowHost: "up" });
    flows = house.bus("flow-host");
    await eventually(() => expect(flows.link.up).toBe(true));
    await flows.serve(routineCommand, {}, ({ data }) => {
      if (data.routine === "shut") throw Object.assign(new Error("not open"), { code: "ROUTINE_UNKNOWN" });
      started.push(data);
      return { started: true };
    });
    await open("movie", "Movie night", { icon: "film" });
    await open("bed", "Bed time");
    await eventually(async () => expect(await list()).toHaveLength(2));
  });
  beforeEach(() => void (started = []));
  afterAll(() => house?.stop());

  it("are listed by name, and go when their flow does", async () => {
    expect(await list()).toEqual([
      { id: "bed", name: "Bed time", host: "flow-host", available: true },
      { id: "movie", name: "Movie night", icon: "film", host: "flow-host", available: true },
    ]);
    await open("gone", "Gone soon");
    await eventually(async () => expect(await list()).toHaveLength(3));
    await flows.publishRaw(routine.topic({ host: "flow-host", id: "gone" }), new Uint8Array(), "state");
    await eventually(async () => expect(await list()).toHaveLength(2));
  });

  it("are still known after a restart of core", async () => {
    await house.restart();
    house.core.setParts({ ...parts, flowHost: "up" });
    await eventually(async () => expect(await list()).toHaveLength(2));
  });

  it("start with what was sent, and with who asked, and are answered when the flow has it", async () => {
    expect((await start("movie", { film: "Alien", dim: 0.2 }).expect(202)).body).toEqual({ started: true });
    await start("bed").expect(202);
    expect(started).toEqual([
      { routine: "movie", input: { film: "Alien", dim: 0.2 }, by: "operator" },
      { routine: "bed", input: {}, by: "operator" },
    ]);
  });

  it.each`
    why                               | id       | body                         | who           | expected
    ${"one that nobody has opened"}   | ${"no"}  | ${{}}                        | ${"operator"} | ${[404, "ROUTINE_UNKNOWN"]}
    ${"to whoever may only look"}     | ${"bed"} | ${{}}                        | ${"viewer"}   | ${[403, "ACCESS_DENIED"]}
    ${"a list"}                       | ${"bed"} | ${[1]}                       | ${"operator"} | ${[400, "REQUEST_INVALID"]}
    ${"more than a request may hold"} | ${"bed"} | ${{ x: "y".repeat(20_000) }} | ${"operator"} | ${[413, "BODY_TOO_LARGE"]}
  `(
    "refuse $why",
    async ({ id, body, who, expected }: { id: string; body: object; who: "viewer"; expected: unknown }) => {
      expect(codeOf(await start(id, body, who))).toEqual(expected);
      expect(started).toEqual([]);
    },
  );

  it("say that a flow host is away, and that it has just lost one", async () => {
    await open("shut", "Shut");
    await eventually(async () => expect(await list()).toHaveLength(3));
    expect(codeOf(await start("shut"))).toEqual([404, "ROUTINE_UNKNOWN"]);
    house.core.setParts({ ...parts, flowHost: "down" });
    expect((await list()).every(({ available }) => !available)).toBe(true);
    expect(codeOf(await start("bed"))).toEqual([503, "FLOW_HOST_AWAY"]);
    expect(started).toEqual([]);
    house.core.setParts({ ...parts, flowHost: "up" });
  });
});

it.each([
  ["who asked for a routine that no flow has answered: it may have been started all the same", "REQUEST_TIMEOUT"],
  ["nothing of one that was not sent", "BUS_DOWN"],
])("notes %s", async (_what, code) => {
  const isSent = code === "REQUEST_TIMEOUT";
  const events: NewEvent[] = [];
  const bus = {
    subscribe: async (_message: unknown, _ids: unknown, listener: (said: object) => void) => {
      listener({ ids: { host: "flow-host", id: "bed" }, data: { name: "Bed time" } });
      return async () => {};
    },
    request: () => Promise.reject(new SkeinError(code, "no answer.")),
  } as unknown as Bus;
  const routines = await createRoutines({
    bus,
    isUp: () => true,
    events: { add: (event) => void events.push(event) },
    onChanged: () => {},
  });
  const anna = { id: "anna", name: "Anna", role: "operator" } as const;
  const actor = { by: "session", account: anna, scopes: [], address: "10.0.0.7" } as const;
  await expect(routines.start("bed", {}, actor)).rejects.toMatchObject({ code: isSent ? "FLOW_HOST_AWAY" : code });
  const note = { type: "routine-unanswered", audit: true, actor: "anna", address: "10.0.0.7" };
  expect(events).toMatchObject(isSent ? [note] : []);
});
