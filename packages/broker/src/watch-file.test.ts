import fs, { type FSWatcher, writeFileSync } from "node:fs";
import { EventEmitter } from "node:events";
import { FakeClock, createLogger } from "@skein/kit";
import { tempDir } from "../../../test/support/temp-dir";
import { POLL_MS, watchFile } from "./watch-file";

describe("A file that is watched", () => {
  const dir = tempDir();
  const file = dir.join("users.json");
  const clock = new FakeClock();
  const logger = createLogger({ name: "test", level: "silent" });
  const warned = jest.spyOn(logger, "warn").mockReturnValue(undefined);
  const noSpace = Object.assign(new Error("ENOSPC: System limit for number of file watchers reached"), {
    code: "ENOSPC",
  });
  let stop = (): void => {};
  beforeEach(() => warned.mockClear());
  afterEach(() => {
    stop();
    jest.restoreAllMocks();
  });
  afterAll(() => dir.remove());

  it("tells of its changes", async () => {
    await new Promise<void>((resolve) => {
      stop = watchFile(file, { clock, logger }, resolve);
      writeFileSync(file, "{}");
    });
    expect(warned).not.toHaveBeenCalled();
  });

  it("is looked at now and then when no watch is left", async () => {
    jest.spyOn(fs, "watch").mockImplementation(() => {
      throw noSpace;
    });
    const warn = jest.spyOn(logger, "warn").mockReturnValue(undefined);
    let looks = 0;
    stop = watchFile(file, { clock, logger }, () => looks++);
    await clock.advance(3 * POLL_MS);
    expect(looks).toBe(3);
    expect(warn).toHaveBeenCalledTimes(1);
    stop();
    await clock.advance(3 * POLL_MS);
    expect(looks).toBe(3);
  });

  it("is looked at now and then from when the watch fails", async () => {
    const watcher = Object.assign(new EventEmitter(), { close: jest.fn() });
    jest.spyOn(fs, "watch").mockReturnValue(watcher as unknown as FSWatcher);
    const warn = jest.spyOn(logger, "warn").mockReturnValue(undefined);
    let looks = 0;
    stop = watchFile(file, { clock, logger }, () => looks++);
    await clock.advance(2 * POLL_MS);
    expect(looks).toBe(0);
    watcher.emit("error", noSpace);
    await clock.advance(2 * POLL_MS);
    expect([looks, warn.mock.calls.length, watcher.close.mock.calls.length]).toEqual([2, 1, 1]);
  });
});
