import { PREFIX, messages } from "@skein/contracts";
import { accessOf, rightsOf } from "./access";

describe("Access rules", () => {
  const access = {
    leader: accessOf("leader", "leader"),
    flows: accessOf("flows", "flow-host"),
    follower: accessOf("follower", "attic"),
  };

  const fill = (pattern: string, ids: Record<string, string>): string =>
    PREFIX + pattern.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? "");

  it.each(Object.entries(messages))("let exactly the writer of %s write it", (_name, { pattern, writer }) => {
    for (const [role, id] of [
      ["leader", "leader"],
      ["flows", "flow-host"],
      ["follower", "attic"],
    ] as const) {
      const { mayPublish } = access[role];
      const own = mayPublish(fill(pattern, { id, host: id, issuer: id, target: "kitchen", name: "bell" }));
      expect([role, own]).toEqual([role, writer === role || (writer === "issuer" && role !== "follower")]);
      const others = mayPublish(
        fill(pattern, { id: "kitchen", host: "other", issuer: "kitchen", target: id, name: "bell" }),
      );
      expect([role, others]).toEqual([role, writer === "leader" && role === "leader"]);
    }
  });

  it("are a handful of filters for each role", () => {
    expect(rightsOf("follower", "attic")).toEqual({
      write: ["skein/v1/followers/attic/#"],
      read: ["skein/v1/followers/attic/#", "skein/v1/commands/attic/#", "skein/v1/leader/#"],
    });
    expect(rightsOf("leader", "leader").write.toSorted()).toEqual([
      "skein/v1/commands/+/+/leader",
      "skein/v1/leader/#",
    ]);
    expect(rightsOf("flows", "flow-host").write.toSorted()).toEqual([
      "skein/v1/commands/+/+/flow-host",
      "skein/v1/flows/flow-host/#",
    ]);
  });

  it.each([
    ["follower", "skein/v1/#", false],
    ["follower", "#", false],
    ["follower", "+/v1/leader/#", false],
    ["follower", "skein/v1/commands/+/agent/leader", false],
    ["follower", "skein/v1/commands/attic/agent/+", true],
    ["follower", "skein/v1/leader/verdicts/+", true],
    ["follower", "$SYS/#", false],
    ["leader", "skein/v1/#", true],
    ["leader", "#", false],
    ["leader", "$SYS/#", false],
    ["flows", "#", true],
    ["flows", "zigbee2mqtt/+", true],
    ["flows", "$SYS/#", false],
  ] as const)("a %s may subscribe to %s: %s", (role, filter, may) =>
    expect(access[role].maySubscribe(filter)).toBe(may),
  );

  it("let flows alone use topics outside the house's prefix, and nobody the broker's own", () => {
    const may = (topic: string) => Object.values(access).map(({ mayPublish }) => mayPublish(topic));
    expect(may("zigbee2mqtt/lamp/set")).toEqual([false, true, false]);
    expect(may("$SYS/broker")).toEqual([false, false, false]);
    expect(may("skein/v1/new")).toEqual([false, false, false]);
  });
});
