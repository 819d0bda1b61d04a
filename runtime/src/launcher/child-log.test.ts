import { existsSync, readFileSync, statSync } from "node:fs";
import { PassThrough } from "node:stream";
import { eventually } from "../../../test/support/eventually";
import { tempDir } from "../../../test/support/temp-dir";
import { errorOf, openChildLog } from "./child-log";

describe("what comes to the console", () => {
  it.each`
    line                                                                      | shown
    ${'{"level":50,"msg":"it broke"}'}                                        | ${"it broke"}
    ${'{"level":60,"msg":"it broke","err":{"message":"why"}}'}                | ${"it broke: why"}
    ${'{"level":50,"msg":"no: why.","err":{"message":"why."}}'}               | ${"no: why."}
    ${'{"level":50,"msg":"no: why.","err":{"message":"why.: and why that"}}'} | ${"no: why."}
    ${'{"level":50,"err":{"message":"why"}}'}                                 | ${": why"}
    ${'{"level":40,"msg":"odd"}'}                                             | ${undefined}
    ${"plain words"}                                                          | ${undefined}
    ${"{broken"}                                                              | ${undefined}
  `("$line: $shown", ({ line, shown }) => {
    expect(errorOf(line)).toBe(shown);
  });
});

it("keeps all that a part says in two files of bounded size, for their owner alone", async () => {
  const dir = tempDir();
  try {
    const file = dir.join("part.log");
    const shown: string[] = [];
    const log = openChildLog(file, (line) => shown.push(line), 1000);
    const stream = new PassThrough();
    log.follow(stream);
    for (let i = 0; i < 100; i++) stream.write(`{"level":30,"msg":"line ${i} ${"x".repeat(40)}"}\n`);
    stream.end('{"level":50,"msg":"the last"}\n');
    await eventually(() => {
      expect(readFileSync(file, "utf8")).toContain("the last");
      expect(existsSync(`${file}.1`)).toBe(true);
    });
    log.close();
    expect(shown).toEqual(["the last"]);
    for (const path of [file, `${file}.1`]) {
      expect(statSync(path).size).toBeLessThan(1200);
      expect(statSync(path).mode & 0o077).toBe(0);
    }
  } finally {
    dir.remove();
  }
});
