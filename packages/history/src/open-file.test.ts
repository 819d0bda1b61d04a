import { statSync } from "node:fs";
import { openFile } from "./open-file";
import { createTestHistory, type TestHistory } from "./testing/house";

describe("The file", () => {
  let house: TestHistory;
  beforeEach(() => (house = createTestHistory()));
  afterEach(() => house.end());

  it("is opened so that a commit is on the disk when it returns, and what is deleted is overwritten", () => {
    const db = openFile(house.file);
    const pragma = (name: string) => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    // FULL: with NORMAL, which is 1, a power cut takes the last commits along, and no test on a running machine would see it.
    expect(pragma("synchronous")).toBe(2);
    expect([pragma("journal_mode"), pragma("secure_delete"), pragma("auto_vacuum")]).toEqual(["wal", 1, 2]);
    expect(statSync(house.file).mode & 0o777).toBe(0o600);
    db.close();
  });
});
