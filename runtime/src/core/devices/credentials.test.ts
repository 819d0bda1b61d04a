import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { systemClock as clock, systemRandom as random } from "@skein/kit";
import { tempDir, type TempDir } from "../../../../test/support/temp-dir";
import { openCredentials } from "./credentials";

const PAIR = { username: "ann@example.org", password: "a very secret one" };

describe("the maker's account", () => {
  let dir: TempDir;
  const open = () => openCredentials(dir.path, { clock, random });
  const file = () => dir.join("core", "kasa-credentials.json");
  const key = () => dir.join("secrets", "kasa-key");
  beforeEach(async () => {
    dir = tempDir();
    await open().set(PAIR);
  });
  afterEach(() => dir.remove());

  it("is there after a restart, readable by the leader's user alone and not in plain text", () => {
    expect(open()).toMatchObject({ value: PAIR, lost: false });
    for (const path of [file(), key()]) {
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(readFileSync(path, "utf8")).not.toMatch(/ann|secret/);
    }
  });

  it("is sealed another way each time", async () => {
    const before = readFileSync(file(), "utf8");
    await open().set(PAIR);
    expect(readFileSync(file(), "utf8")).not.toBe(before);
  });

  it("is lost without its key, until that is put back or it is entered anew", async () => {
    const kept = readFileSync(key(), "utf8");
    rmSync(key());
    expect(open()).toMatchObject({ value: undefined, lost: true });
    writeFileSync(key(), kept);
    expect(open()).toMatchObject({ value: PAIR, lost: false });
    rmSync(key());
    const anew = open();
    await anew.set(PAIR);
    expect(anew).toMatchObject({ value: PAIR, lost: false });
    expect(open()).toMatchObject({ value: PAIR, lost: false });
  });

  it.each(["iv", "tag", "text"] as const)("is not taken when its %s was changed", (part) => {
    const { sealed } = JSON.parse(readFileSync(file(), "utf8")) as { sealed: Record<string, string> };
    const bytes = Buffer.from(sealed[part] ?? "", "base64");
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    writeFileSync(file(), JSON.stringify({ version: 1, sealed: { ...sealed, [part]: bytes.toString("base64") } }));
    expect(open()).toMatchObject({ value: undefined, lost: true });
  });

  it("keeps no house down when its file is damaged", () => {
    writeFileSync(file(), "{ half");
    expect(open()).toMatchObject({ value: undefined, lost: true });
  });

  it("is gone when it is taken back", async () => {
    await open().set(undefined);
    expect(open()).toMatchObject({ value: undefined, lost: false });
  });
});
