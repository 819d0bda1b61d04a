import { maintenanceCommand, noticeAnswerCommand, noticeCommand, type DataOf } from "@skein/contracts";
import { eventually, until } from "../test/support/eventually";
import { startFlow, type FlowHouse } from "./support/house";

describe("a follower died: what is to be done?", () => {
  let house: FlowHouse;
  let asked: DataOf<typeof noticeCommand>[];
  let rested: DataOf<typeof maintenanceCommand>[];

  /** As somebody presses it on the page. */
  const press = (id: string, nth = 0) => {
    const { node = "", mark = "", actions } = asked[nth] ?? { actions: [] };
    const action = actions.find((each) => each.id === id) ?? { id, label: id };
    return house.leader.request(
      noticeAnswerCommand,
      { target: "flow-host" },
      { notice: "n", node, mark, action, by: "ann", at: 1 },
    );
  };

  beforeEach(async () => {
    [asked, rested] = [[], []];
    house = await startFlow("ask-when-a-follower-died.json");
    await house.leader.serve(noticeCommand, {}, ({ data }) => {
      asked.push(data);
      return { id: "n", sent: { page: { ok: true } } };
    });
    await house.leader.serve(maintenanceCommand, {}, ({ data }) => void rested.push(data));
    for (const id of ["cv-1", "cv-2", "cv-3"]) await house.say(id, "alive");
  });
  afterEach(() => house.close());

  it("asks once, with who and why, and takes it into maintenance when that is pressed", async () => {
    await house.say("cv-1", "suspect", { cause: "will" });
    await house.say("cv-1", "dead", { cause: "will" });
    await until(() => asked.length === 1);
    expect(asked).toMatchObject([
      {
        title: "cv-1 died",
        text: expect.stringContaining("cv-1 died: its connection died."),
        severity: "warning",
        actions: [
          { id: "maintenance", label: "Maintenance for a day" },
          { id: "leave", label: "Leave it" },
        ],
      },
    ]);
    expect(await press("maintenance")).toEqual({ ok: true });
    await eventually(() => expect(rested).toEqual([{ follower: "cv-1", forMs: 86_400_000 }]));
  });

  it("leaves it as it is when that is pressed", async () => {
    await house.say("cv-1", "dead", { cause: "silence" });
    await house.say("cv-2", "dead", { cause: "silence" });
    await until(() => asked.length === 2);
    expect(await press("leave", 0)).toEqual({ ok: true });
    await house.shown("skein-ask-left");
    // The other one's button is its own.
    expect(await press("maintenance", 1)).toEqual({ ok: true });
    await eventually(() => expect(rested).toMatchObject([{ follower: "cv-2" }]));
  });

  it("asks nobody of each of many that are lost together, and of a single one again when that is over", async () => {
    const lost = { followers: ["cv-1", "cv-2"], since: Date.UTC(2026, 0, 1) };
    await house.notice({ notice: "mass-loss", of: 3, ...lost });
    for (const id of lost.followers) await house.say(id, "dead", { cause: "will" });
    await house.notice({ notice: "mass-loss-over", lastedMs: 60_000, ...lost });
    await house.say("cv-1", "alive");
    await house.say("cv-1", "dead", { cause: "will" });
    await until(() => asked.length > 0);
    expect(asked).toMatchObject([{ title: "cv-1 died" }]);
  });

  it("marks a made-up follower as one", async () => {
    await house.say("cv-1", "dead", { cause: "will", virtual: true });
    await eventually(() => expect(asked).toMatchObject([{ title: "cv-1 (VIRTUAL) died" }]));
  });
});
