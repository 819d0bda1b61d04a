import { graphsOf, unitOf } from "./plans";

describe("a follower's graphs", () => {
  it("come in a fixed order, without those that it has no figures for, unknown ones last", () => {
    const names = [
      "zigbeeMs",
      "sentBytesPerS",
      "cpuPercent",
      "memoryUsedBytes",
      "memoryPercent",
      "receivedBytesPerS",
      "co2",
    ];
    expect(graphsOf(names).map(({ id, series }) => [id, ...series])).toEqual([
      ["cpu", "cpuPercent"],
      ["memory", "memoryPercent"],
      ["network", "receivedBytesPerS", "sentBytesPerS"],
      ["co2", "co2"],
      ["zigbeeMs", "zigbeeMs"],
    ]);
    expect(graphsOf([])).toEqual([]);
  });

  it("show used memory where its share is not known", () => {
    expect(graphsOf(["memoryUsedBytes"]).map(({ id }) => id)).toEqual(["memoryUsedBytes"]);
  });

  it.each([
    ["receivedBytesPerS", "bytesPerS"],
    ["agentRssBytes", "bytes"],
    ["diskPercent", "percent"],
    ["temperatureC", "celsius"],
    ["agentEventLoopLagMs", "ms"],
    ["load1", "plain"],
    ["powerW", "watts"],
    ["RPC", "plain"],
  ])("%s is in %s by its name", (name, unit) => {
    expect(unitOf(name)).toBe(unit);
  });

  it("show every percent on the whole scale but the agent's own", () => {
    expect(graphsOf(["cpuPercent", "agentCpuPercent"]).map(({ whole }) => whole)).toEqual([true, false]);
  });
});
