import fs, { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { Watched } from "@skein/fleet";
import { FakeClock, silentLogger } from "@skein/kit";
import { setTimeout as pause } from "node:timers/promises";
import { eventually } from "../../../../test/support/eventually";
import { tempDir, type TempDir } from "../../../../test/support/temp-dir";
import { nextEpoch } from "./epoch";
import { openRegistry } from "./registry";

let dir: TempDir;
beforeEach(() => {
  dir = tempDir();
});
afterEach(() => {
  jest.restoreAllMocks();
  dir.remove();
});

const attic: Watched = {
  id: "attic",
  verdict: { state: "alive", cause: "beat", since: 1000, virtual: false },
  run: "r1",
  session: "s1",
  beatMs: 60_000,
  beatsReceived: 3,
  beatsMissed: 0,
};

describe("the registry on disk", () => {
  const open = (clock = new FakeClock(), followers: readonly Watched[] = [attic]) => ({
    clock,
    file: dir.join("core", "fleet.json"),
    registry: openRegistry(
      dir.join("core", "fleet.json"),
      () => ({ followers, forgotten: [{ id: "shed", run: "r0" }] }),
      { clock, logger: silentLogger },
    ),
  });

  it("remembers after a restart what was known, for its owner alone", async () => {
    const { clock, registry, file } = open();
    expect(registry.remembered).toEqual([]);
    registry.touch();
    await clock.advance(499);
    expect(existsSync(file)).toBe(false);
    await clock.advance(1);
    await eventually(() => expect(existsSync(file)).toBe(true));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { beatsReceived: _received, beatsMissed: _missed, ...kept } = attic;
    expect(open().registry).toMatchObject({ remembered: [kept], forgotten: [{ id: "shed", run: "r0" }] });
  });

  it("writes what is not yet written when core ends", () => {
    const { registry, file } = open();
    registry.flush();
    expect(existsSync(file)).toBe(false);
    registry.touch();
    registry.flush();
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ version: 1, followers: [{ id: "attic" }] });
  });

  it.each(["", "{", "[]", '{"version":2,"followers":[]}', '{"version":1,"followers":[{"id":1}]}'])(
    "starts anew when it holds %p",
    (text) => {
      mkdirSync(dir.join("core"));
      writeFileSync(dir.join("core", "fleet.json"), text);
      expect(open().registry.remembered).toEqual([]);
      const aside = readdirSync(dir.join("core")).at(-1) ?? "";
      expect(aside).toMatch(/^fleet\.json\.bad-\d+$/);
      expect(readFileSync(dir.join("core", aside), "utf8")).toBe(text);
    },
  );

  it("loses only the entries that make no sense", () => {
    const { beatsReceived: _received, beatsMissed: _missed, ...kept } = attic;
    mkdirSync(dir.join("core"));
    const text = JSON.stringify({
      version: 1,
      followers: [kept, { ...kept, id: "hall", verdict: { state: "sleepy" } }, 7],
      forgotten: [{ id: "shed" }, null],
      massLoss: { since: "yesterday" },
    });
    writeFileSync(dir.join("core", "fleet.json"), text);
    const { registry } = open();
    expect(registry).toMatchObject({ remembered: [kept], forgotten: [{ id: "shed" }], massLoss: undefined });
    expect(registry.remembered).toHaveLength(1);
    open();
    expect(readdirSync(dir.join("core"))).toEqual(["fleet.json", expect.stringMatching(/^fleet\.json\.bad-\d+$/)]);
  });

  it("tries again when it cannot be written", async () => {
    writeFileSync(dir.join("core"), "in the way");
    const failures = jest.spyOn(silentLogger, "error");
    const { clock, file, registry } = open();
    registry.touch();
    await eventually(async () => {
      await clock.advance(500);
      expect(failures).toHaveBeenCalledTimes(1);
    });
    rmSync(dir.join("core"));
    await eventually(async () => {
      await clock.advance(5_000);
      expect(existsSync(file)).toBe(true);
    });
  });

  it("is whole with thousands of followers, and lets the house go on meanwhile", async () => {
    const many = Array.from({ length: 3_000 }, (_, n) => ({ ...attic, id: `f${n}` }));
    const { clock, registry, file } = open(undefined, many);
    registry.touch();
    await clock.advance(500);
    expect(existsSync(file)).toBe(false);
    await eventually(() => expect(existsSync(file)).toBe(true));
    expect(open().registry.remembered.map(({ id }) => id)).toEqual(many.map(({ id }) => id));
  });

  it("is the newest one when core ends in the midst of writing an older one", async () => {
    const house = [attic];
    const { clock, registry, file } = open(undefined, house);
    registry.touch();
    await clock.advance(500);
    house.push({ ...attic, id: "hall" });
    registry.flush();
    const ids = () => open().registry.remembered.map(({ id }) => id);
    expect(ids()).toEqual(["attic", "hall"]);
    await eventually(() => expect(readdirSync(dir.join("core"))).toEqual(["fleet.json"]));
    await pause(50);
    expect(ids()).toEqual(["attic", "hall"]);
    expect(existsSync(file)).toBe(true);
  });
});

describe("the epoch", () => {
  it("grows by one at every start", () => {
    const file = dir.join("epoch");
    expect([nextEpoch(file), nextEpoch(file), nextEpoch(file)]).toEqual([1, 2, 3]);
  });
  it("grows on a full disk too, which takes no new file", () => {
    const file = dir.join("epoch");
    writeFileSync(file, "9\n");
    jest.spyOn(fs, "renameSync").mockImplementation(() => {
      throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
    });
    expect([nextEpoch(file), nextEpoch(file)]).toEqual([10, 11]);
    expect(readdirSync(dir.path)).toEqual(["epoch"]);
  });
  it.each(["", "x", "-1", "1.5"])("is not guessed when its file holds %p", (text) => {
    writeFileSync(dir.join("epoch"), text);
    expect(() => nextEpoch(dir.join("epoch"))).toThrow(/holds no number/);
  });
});
