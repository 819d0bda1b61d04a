/** What becomes of a flow file that cannot be read, whenever the start is cut off. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tempDir, type TempDir } from "../../../test/support/temp-dir";
import { forgetAside, putDamagedAside } from "./flow-file";

const NAME = "flows.json.damaged-2026-11-30T20-00-00.000Z";
const now = Date.parse("2026-11-30T20:00:00Z");
let dir: TempDir;
beforeEach(() => void (dir = tempDir()));
afterEach(() => dir.remove());
const look = () => putDamagedAside(dir.path, now);
const flows = () => readFileSync(dir.join("flows.json"), "utf8");

it.each(["[]", '[{"id":"a","type":"tab"}]', "\uFEFF[]"])("leaves alone what is whole: %j", (text) => {
  writeFileSync(dir.join("flows.json"), text);
  expect([look(), flows(), readdirSync(dir.path)]).toEqual([undefined, text, ["flows.json"]]);
});

it("leaves alone a house that has no flows yet", () => {
  expect([look(), readdirSync(dir.path)]).toEqual([undefined, []]);
});

it.each(["", "\0\0\0\0", '[{"id":"a"', '{"not":"flows"}'])(
  "keeps what cannot be read, and says so at each start until others are deployed: %j",
  (text) => {
    writeFileSync(dir.join("flows.json"), text);
    expect([look(), flows(), readFileSync(dir.join(NAME), "utf8")]).toEqual([NAME, "[]\n", text]);
    expect(look()).toBe(NAME);
    forgetAside(dir.path);
    expect([look(), existsSync(dir.join(NAME))]).toEqual([undefined, true]);
  },
);

it("goes on where a start was cut off", () => {
  writeFileSync(dir.join("flows.json"), "half");
  look();
  // After the renaming, before the empty file.
  rmSync(dir.join("flows.json"));
  expect([look(), flows()]).toEqual([NAME, "[]\n"]);
  // Before the renaming.
  renameSync(dir.join(NAME), dir.join("flows.json"));
  expect([look(), flows(), readFileSync(dir.join(NAME), "utf8")]).toEqual([NAME, "[]\n", "half"]);
});
