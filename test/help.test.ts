import { execFileSync } from "node:child_process";
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "./support/temp-dir";

/** A clone in which nothing has been installed or built yet. */
const clone = tempDir();
cpSync(join(__dirname, "../runtime/bootstrap"), clone.join("runtime", "bootstrap"), { recursive: true });
afterAll(() => clone.remove());

it.each`
  command    | words
  ${"start"} | ${["--help"]}
  ${"start"} | ${["--demo", "-h"]}
  ${"skein"} | ${["--help"]}
  ${"skein"} | ${["help"]}
  ${"skein"} | ${[]}
`("npm run $command -- $words answers at once, before anything is built", ({ command, words }) => {
  const said = execFileSync(process.execPath, [clone.join("runtime", "bootstrap", `${command}.mjs`), ...words], {
    encoding: "utf8",
  });
  expect(said).toMatch(/--config FILE[\s\S]+--data-dir DIR/);
  expect(readdirSync(clone.path)).toEqual(["runtime"]);
});
