import { until } from "../test/support/eventually";
import { startFlow, type FlowHouse } from "./support/house";

const GB = 1e9;

describe("the daily summary", () => {
  let house: FlowHouse;
  beforeEach(async () => void (house = await startFlow("daily-summary.json")));
  afterEach(() => house.close());

  const ask = () => house.press("skein-daily-when");
  async function summary(count = 1): Promise<string> {
    await until(() => house.news.length >= count);
    return house.news[count - 1]?.text ?? "";
  }

  it("says nothing when all is well, and one message when something is not", async () => {
    await house.say("cv-1", "alive");
    await house.say("cv-2", "alive");
    await house.measure("cv-1", { disks: [{ mount: "/", totalBytes: 16 * GB, usedBytes: 4 * GB }], temperatureC: 55 });
    await house.measured("cv-1");
    ask();
    await house.shown("skein-daily-attention");
    await house.say("cv-2", "dead", { cause: "silence" });
    await house.seen("cv-2", "dead");
    ask();
    expect(await summary()).toBe("1 follower needs attention:\n- cv-2: dead (silence)");
    expect(house.news).toHaveLength(1);
  });

  it("says nothing of who is under maintenance or has said goodbye", async () => {
    await house.say("a", "maintenance", { cause: "request" });
    await house.say("b", "left", { cause: "clean-stop" });
    await house.say("c", "dead", { cause: "will" });
    await house.seen("c", "dead");
    ask();
    expect(await summary()).toBe("1 follower needs attention:\n- c: dead (will)");
  });

  it("tells of full disks, heat, an empty battery and a host that slows itself down, with the figures", async () => {
    await house.say("cv-1", "alive");
    await house.say("hub", "alive", { virtual: true });
    await house.measure("cv-1", {
      disks: [
        { mount: "/", totalBytes: 16 * GB, usedBytes: 15.2 * GB },
        { mount: "/boot", totalBytes: 1 * GB, usedBytes: 0.1 * GB },
      ],
      memory: { totalBytes: 2 * GB, usedBytes: 1.98 * GB },
      temperatureC: 91.4,
      throttled: true,
    });
    await house.measure("hub", { battery: { percent: 12, charging: false } });
    await house.measured("cv-1", "hub");
    ask();
    expect((await summary()).split("\n")).toEqual([
      "2 followers need attention:",
      "- cv-1: disk / is 95 % full",
      "- cv-1: memory is 99 % used",
      "- cv-1: 91 °C",
      "- cv-1: slows itself down for heat or power",
      "- hub (VIRTUAL): battery at 12 %",
    ]);
  });

  it("does not repeat the figures of somebody who is dead", async () => {
    await house.say("cv-1", "alive");
    await house.measure("cv-1", { temperatureC: 99 });
    await house.measured("cv-1");
    await house.say("cv-1", "dead", { cause: "will" });
    await house.seen("cv-1", "dead");
    ask();
    expect(await summary()).toBe("1 follower needs attention:\n- cv-1: dead (will)");
  });

  it("says when nobody knows, because the leader is gone, and does not call that death", async () => {
    await house.say("cv-1", "alive");
    await house.seen("cv-1", "alive");
    house.leader.kill();
    await house.seen("cv-1", "unknown");
    ask();
    expect(await house.shown("skein-daily-show")).toBe(
      "1 follower needs attention:\n- cv-1: nobody knows how it is (observer-late)",
    );
  });
});
