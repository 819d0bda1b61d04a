import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..");

/** Codes that the sources throw: `new SkeinError("CODE"`, `code: "CODE"` and the like; not the system's (ENOSPC). */
function codesInSources(): Set<string> {
  const files = execFileSync("git", ["ls-files", "packages", "nodes", "runtime", "follower-agents"], {
    cwd: root,
    encoding: "utf8",
  })
    .split("\n")
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !/\.test\.tsx?$|\/testing\//.test(file));
  const codes = new Set<string>();
  for (const file of files) {
    const text = readFileSync(join(root, file), "utf8");
    for (const [, code] of text.matchAll(/(?:SkeinError\(\s*|code: |failure\(error, )"(?!E[A-Z]+")([A-Z][A-Z0-9_]+)"/g))
      if (code) codes.add(code);
  }
  return codes;
}

function codesInDocs(): string[] {
  return [...readFileSync(join(root, "docs/errors.md"), "utf8").matchAll(/^\| `?([A-Z][A-Z0-9_]+)`? \|/gm)].flatMap(
    ([, code]) => code ?? [],
  );
}

describe("docs/errors.md", () => {
  const documented = codesInDocs();

  it("has a row for every code that the sources use, and no row for one that they do not", () => {
    expect([...new Set(documented)].toSorted()).toEqual([...codesInSources()].toSorted());
  });

  it("has one row a code, in alphabetical order", () => {
    expect(documented).toEqual([...new Set(documented)].toSorted());
  });
});
