import { readFileSync } from "node:fs";
import { readUsers } from "@skein/broker";
import { seededRandom } from "@skein/kit";
import { tempDir } from "../../../test/support/temp-dir";
import { leaderSettings } from "../settings";
import { followerId, identities } from "./identities";

describe("this machine's id", () => {
  it.each`
    wanted       | host                 | id
    ${undefined} | ${"laptop"}          | ${"laptop"}
    ${undefined} | ${"My_Laptop.local"} | ${"my-laptop"}
    ${undefined} | ${"-ä-"}             | ${"this-machine"}
    ${undefined} | ${"leader"}          | ${"this-machine"}
    ${undefined} | ${""}                | ${"this-machine"}
    ${undefined} | ${"x".repeat(80)}    | ${"x".repeat(63)}
    ${undefined} | ${"flow-host"}       | ${"this-machine"}
    ${undefined} | ${"virtual-home"}    | ${"this-machine"}
    ${"attic"}   | ${"laptop"}          | ${"attic"}
  `("$wanted on $host is $id", ({ wanted, host, id }) => {
    expect(followerId(wanted, host)).toBe(id);
  });
  it.each(["Attic", "leader", "flow-host", "virtual-home"])("is refused when it is %p", (wanted) => {
    expect(() => followerId(wanted)).toThrow(`follower.id: "${wanted}" is no id`);
  });
});

describe("who is who on the bus", () => {
  const dir = tempDir();
  afterAll(() => dir.remove());
  const file = dir.join("users.json");
  const random = seededRandom(1);
  const people = [
    { id: "leader", role: "leader" },
    { id: "flow-host", role: "flows" },
    { id: "here", role: "follower" },
  ] as const;
  const of = (settings: object) =>
    identities(leaderSettings.parse(settings), { usersFile: file, brokerPort: 1883, random, people });

  it("is a user of its own with a new password each time, on the embedded broker", () => {
    const first = of({}).address("leader");
    expect(first).toMatchObject({ url: "mqtt://127.0.0.1:1883", clientId: "skein-leader", username: "leader" });
    expect(first.maxBackoffMs).toBe(1000);
    expect(of({}).address("leader").password).not.toBe(first.password);
    expect(Object.keys(readUsers(file))).toEqual(["leader", "flow-host", "here"]);
    expect(readFileSync(file, "utf8")).not.toContain(first.password);
  });

  it("is what skein.yaml says, with a broker of the owner's", () => {
    const bus = {
      kind: "mqtt",
      url: "mqtts://b",
      username: "leader",
      password: "a",
      flowHost: { username: "flow-host", password: "b" },
    };
    const who = of({ bus, follower: { username: "here", password: "c" } });
    expect(who.address("leader")).toMatchObject({ url: "mqtts://b", username: "leader", password: "a" });
    expect(who.address("flow-host")).toMatchObject({ username: "flow-host", password: "b" });
    expect(who.address("here")).toMatchObject({ username: "here", password: "c" });
  });

  it("has the leader alone watch over Redis's expiring keys", () => {
    const who = of({ bus: { kind: "redis", url: "redis://b" } });
    expect([who.address("leader").reaper, who.address("flow-host").reaper]).toEqual([true, undefined]);
  });
});
