import type { FollowerView, HouseView } from "@skein/contracts";
import { createHouse } from "./house";

const NOW = Date.UTC(2026, 0, 1);
const follower = (id: string, parts: Partial<FollowerView> = {}): FollowerView => ({
  id,
  name: id,
  virtual: false,
  capabilities: [],
  verdict: { state: "alive", cause: "beat", since: NOW, virtual: false },
  ...parts,
});
const dead: FollowerView["verdict"] = { state: "dead", cause: "will", since: NOW, virtual: false };
const view = (...followers: FollowerView[]): HouseView => ({
  name: "A house",
  version: "0.1.0",
  at: NOW,
  demo: false,
  followers,
  health: { ok: true, broker: "up", core: "up", flowHost: "up", safeMode: false },
});
const create = () => {
  const heard: number[] = [];
  const house = createHouse((at) => heard.push(at));
  return { house, heard, ids: () => house.followers.value.map(({ id }) => id) };
};

describe("the house as the page knows it", () => {
  it("sorts by name, with numbers as numbers, and keeps places when verdicts change", () => {
    const { house, ids } = create();
    house.events.house(view(follower("cv-10"), follower("cv-2"), follower("attic")));
    expect(ids()).toEqual(["attic", "cv-2", "cv-10"]);
    house.events.follower(follower("cv-2", { verdict: dead }));
    expect(ids()).toEqual(["attic", "cv-2", "cv-10"]);
    house.events.follower(follower("attic", { name: "zebra room" }));
    expect(ids()).toEqual(["cv-2", "cv-10", "attic"]);
  });

  it("takes in a new one and lets one go", () => {
    const { house, ids } = create();
    house.events.house(view(follower("b")));
    house.events.follower(follower("a"));
    expect(ids()).toEqual(["a", "b"]);
    house.events.removed("b");
    expect(ids()).toEqual(["a"]);
  });

  it("counts beats and remembers the newest sign of life", () => {
    const { house } = create();
    house.events.house(view(follower("a", { lastSeenAt: NOW - 5_000 })));
    house.events.beat("a", NOW);
    house.events.beat("nobody", NOW);
    house.events.follower(follower("a", { lastSeenAt: NOW - 5_000 }));
    const [a] = house.followers.value;
    expect(a?.beats.value).toBe(1);
    expect(a?.lastSeenAt.value).toBe(NOW);
  });

  it("keeps a follower's heart over a reconnection, and believes the leader's times anew", () => {
    const { house } = create();
    house.events.house(view(follower("a", { lastSeenAt: NOW })));
    const [before] = house.followers.value;
    house.events.house(view(follower("a", { lastSeenAt: NOW - 3_600_000 })));
    const [after] = house.followers.value;
    expect(after).toBe(before);
    expect(after?.lastSeenAt.value).toBe(NOW - 3_600_000);
  });

  it("tells screen readers what changed, also what changed while it was away, and nothing at the start", () => {
    const { house } = create();
    const news = () => house.news.value.map(({ text }) => text);
    house.events.house(view(follower("a"), follower("b")));
    expect(news()).toEqual([]);
    house.events.follower(follower("a", { name: "Attic", verdict: dead }));
    house.events.follower(follower("a", { name: "Attic", verdict: { ...dead, since: NOW + 1 } }));
    house.events.house(view(follower("a", { name: "Attic", verdict: dead }), follower("b", { verdict: dead })));
    expect(news()).toEqual(["Attic: dead, connection died", "b: dead, connection died"]);
  });

  it("shows the random faults' switch as the leader has it", () => {
    const { house } = create();
    house.events.randomFaults(true);
    expect(house.about.value).toBeUndefined();
    house.events.house(view());
    house.events.randomFaults(true);
    expect(house.about.value?.randomFaults).toBe(true);
  });

  it("shows a mass loss as the leader has it, until the leader says that it is over", () => {
    const { house } = create();
    const massLoss = { since: NOW, lost: 4, of: 8, back: 0, virtual: false };
    house.events.house({ ...view(), massLoss });
    house.events.massLoss({ ...massLoss, back: 1 });
    expect(house.about.value?.massLoss).toEqual({ ...massLoss, back: 1 });
    house.events.massLoss(null);
    expect(house.about.value?.massLoss).toBeUndefined();
  });

  it("takes the leader's time from every tick and every whole picture", () => {
    const { house, heard } = create();
    house.events.house(view());
    house.events.tick(NOW + 1_000);
    expect(heard).toEqual([NOW, NOW + 1_000]);
  });
});
