/** What is in the tarballs of our node packages: everything they need, and nothing that only this repository has. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { packedNodes, type PackedNodes } from "./support/packed-nodes";
import { tempDir } from "./support/temp-dir";

const root = join(__dirname, "..");
const names = readdirSync(join(root, "nodes"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(
    ({ name }) =>
      (JSON.parse(readFileSync(join(root, "nodes", name, "package.json"), "utf8")) as { name: string }).name,
  );

describe("npm run pack:nodes", () => {
  const home = tempDir("skein-pack-test-");
  let packed: PackedNodes;
  beforeAll(async () => void (packed = await packedNodes()), 60_000);
  afterAll(() => home.remove());

  it("packs nothing anew when nothing has changed", () => {
    const output = execFileSync(process.execPath, [join(root, "runtime/bootstrap/pack-nodes.mjs")], {
      encoding: "utf8",
    });
    expect(
      output
        .trim()
        .split("\n")
        .map((line) => line.split(" ")[0]),
    ).toEqual(names.map(() => "ready"));
  });

  describe.each(names)("makes of %s a package that", (name) => {
    let dir: string;
    beforeAll(() => {
      execFileSync("tar", ["-xzf", packed.file(name), "-C", home.path]);
      dir = home.join(basename(packed.file(name), ".tgz"));
      execFileSync("mv", [home.join("package"), dir]);
    });
    const read = (file: string) => readFileSync(join(dir, file), "utf8");

    it("needs nothing beside it but, perhaps, the bus package", () => {
      const manifest = JSON.parse(read("package.json")) as Record<string, unknown>;
      expect(manifest).toMatchObject({ name, "node-red": { nodes: expect.any(Object) } });
      expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(["dependencies"]));
      expect(Object.keys((manifest["peerDependencies"] ?? {}) as object)).toEqual(
        name === "@skein/node-red-bus" ? [] : ["@skein/node-red-bus"],
      );
    });

    it("loads where there is no node_modules at all", () => {
      const { nodes } = (JSON.parse(read("package.json")) as { "node-red": { nodes: Record<string, string> } })[
        "node-red"
      ];
      const program = `for (const file of process.argv.slice(1)) if (typeof require(file) !== "function") process.exit(1);`;
      execFileSync(process.execPath, ["-e", program, ...Object.values(nodes).map((file) => join(dir, file))], {
        cwd: dir,
      });
      expect(
        createRequire(join(dir, "x.js"))
          .resolve.paths("zod")
          ?.some((path) => existsSync(join(path, "zod"))),
      ).toBe(false);
    });

    it("brings dialogs, both languages, icons, examples, the editor's half and the licences", () => {
      const { nodes } = (JSON.parse(read("package.json")) as { "node-red": { nodes: Record<string, string> } })[
        "node-red"
      ];
      const pages = Object.values(nodes).map((file) => file.replace(/\.js$/, ".html"));
      const wanted = [
        ...pages,
        "dist/locales/en-US",
        "dist/locales/de",
        "dist/icons",
        "examples",
        "resources/editor.js",
        "LICENSE",
        "NOTICE",
      ];
      expect(wanted.filter((file) => !existsSync(join(dir, file)))).toEqual([]);
      expect(read("THIRD-PARTY-LICENSES.txt")).toMatch(/^zod \d/m);
    });

    it("holds no path of the machine that packed it", () => {
      const files = readdirSync(dir, { recursive: true, encoding: "utf8" }).filter((file) =>
        /\.(js|json|html)$/.test(file),
      );
      expect(files.filter((file) => read(file).includes(root))).toEqual([]);
    });
  });
});
