import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import express from "express";
import request from "supertest";
import { create } from "tar";
import { silentLogger } from "@skein/kit";
import { createCatalogue, type CatalogueEntry } from ".";
import { compareVersions } from "./shelf";

interface Answer {
  readonly name: string;
  readonly modules: CatalogueEntry[];
  readonly skipped: { file: string; why: string }[];
}

describe("the palette catalogue", () => {
  const home = mkdtempSync(join(tmpdir(), "skein-catalogue-"));
  const ours = join(home, "ours");
  const owners = join(home, "owners");
  const app = express().use(
    "/api/v1/palette",
    createCatalogue({ folders: [ours, owners], baseUrl: () => "http://127.0.0.1:1880", logger: silentLogger }),
  );
  const ask = async () => (await request(app).get("/api/v1/palette/catalogue.json").expect(200)).body as Answer;
  const first = async (): Promise<CatalogueEntry> => {
    const [entry] = (await ask()).modules;
    if (!entry) throw new Error("the catalogue is empty");
    return entry;
  };

  /** A tarball as npm makes it, but with this package.json and these files. */
  function tarball(file: string, manifest: unknown, files: Record<string, string> = {}, top = "package"): string {
    const stage = mkdtempSync(join(home, "stage-"));
    const all = { "package.json": typeof manifest === "string" ? manifest : JSON.stringify(manifest), ...files };
    for (const [name, text] of Object.entries(all)) {
      mkdirSync(dirname(join(stage, top, name)), { recursive: true });
      writeFileSync(join(stage, top, name), text);
    }
    mkdirSync(dirname(file), { recursive: true });
    create({ file, cwd: stage, gzip: true, sync: true, portable: true }, [top]);
    return file;
  }
  const emptyPackage = (file: string) => {
    const stage = mkdtempSync(join(home, "stage-"));
    mkdirSync(join(stage, "package/lib"), { recursive: true });
    writeFileSync(join(stage, "package/lib/package.json"), "{}");
    create({ file, cwd: stage, gzip: true, sync: true }, ["package"]);
  };
  const lamp = (version: string) => ({
    name: "@house/node-red-lamp",
    version,
    description: "A lamp",
    keywords: ["node-red"],
    homepage: "https://lamp.example/",
    "node-red": { nodes: { lamp: "lamp.js" } },
  });

  beforeEach(() => {
    for (const folder of [ours, owners]) rmSync(folder, { recursive: true, force: true });
    mkdirSync(ours);
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it("is empty, not broken, when there is no tarball and no folder", async () => {
    expect(await ask()).toEqual({ name: "Skein", updated_at: expect.any(String), modules: [], skipped: [] });
  });

  it("offers a tarball in the form that Node-RED's palette manager reads, with the types its pages register", async () => {
    const file = tarball(join(owners, "lamp.tgz"), lamp("1.2.3"), {
      "lamp.html": `<script>RED.nodes.registerType('lamp', {})</script><script type="text/html" data-template-name="lamp-bridge"></script>`,
      "node_modules/other/other.html": `<script>RED.nodes.registerType('other', {})</script>`,
    });
    utimesSync(file, 1_800_000_000, 1_800_000_000);
    const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
    expect((await ask()).modules).toEqual([
      {
        id: "@house/node-red-lamp",
        version: "1.2.3",
        description: "A lamp",
        updated_at: new Date(1_800_000_000_000).toISOString(),
        types: ["lamp", "lamp-bridge"],
        keywords: ["node-red"],
        url: "https://lamp.example/",
        pkg_url: `http://127.0.0.1:1880/api/v1/palette/tarballs/${sha256}/lamp.tgz`,
      },
    ]);
  });

  it("serves the tarball byte for byte under that address", async () => {
    const file = tarball(join(ours, "lamp.tgz"), lamp("1.0.0"));
    const entry = await first();
    const answer = await request(app)
      .get(new URL(entry.pkg_url).pathname)
      .buffer(true)
      .parse((response, done) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () => done(null, Buffer.concat(parts)));
      })
      .expect(200);
    expect(answer.body).toEqual(readFileSync(file));
  });

  it("offers the highest version, and at the same version the owner's", async () => {
    tarball(join(ours, "lamp-1.10.0.tgz"), lamp("1.10.0"));
    tarball(join(ours, "lamp-1.9.0.tgz"), lamp("1.9.0"));
    tarball(join(owners, "mine.tgz"), { ...lamp("1.10.0"), description: "The owner's" });
    expect((await ask()).modules).toMatchObject([{ version: "1.10.0", description: "The owner's" }]);
  });

  it("sees a file that was put there, changed or taken away since, and gives a changed one a new address", async () => {
    tarball(join(owners, "lamp.tgz"), lamp("1.0.0"));
    const before = await first();
    rmSync(join(owners, "lamp.tgz"));
    tarball(join(owners, "lamp.tgz"), { ...lamp("1.0.0"), description: "Mended" });
    const after = await first();
    expect(after.description).toBe("Mended");
    expect(after.pkg_url).not.toBe(before.pkg_url);
    await request(app).get(new URL(before.pkg_url).pathname).expect(404);
    rmSync(join(owners, "lamp.tgz"));
    expect((await ask()).modules).toEqual([]);
  });

  it("reads a tarball whose top folder has another name, as npm does", async () => {
    tarball(join(owners, "lamp.tgz"), lamp("1.0.0"), {}, "lamp-main");
    expect((await ask()).modules).toMatchObject([{ id: "@house/node-red-lamp" }]);
  });

  it.each`
    what                                  | make                                                                                                                                                          | why
    ${"no gzip at all"}                   | ${(file: string) => writeFileSync(file, "hello, I am no tarball at all".repeat(40))}                                                                          | ${/no npm package tarball/}
    ${"a gzip that breaks off"}           | ${(file: string) => writeFileSync(file, readFileSync(tarball(`${file}.whole`, lamp("1.0.0"), { "a.html": String(Math.PI).repeat(9_000) })).subarray(0, 200))} | ${/no npm package tarball/}
    ${"an empty file"}                    | ${(file: string) => writeFileSync(file, "")}                                                                                                                  | ${/no npm package tarball|no package.json/}
    ${"an empty archive"}                 | ${(file: string) => writeFileSync(file, gzipSync(Buffer.alloc(1024)))}                                                                                        | ${/no npm package tarball|no package.json/}
    ${"an archive without package.json"}  | ${(file: string) => emptyPackage(file)}                                                                                                                       | ${/holds no package\.json/}
    ${"a package.json that is no JSON"}   | ${(file: string) => tarball(file, "{")}                                                                                                                       | ${/package\.json/}
    ${"a name that leads out of folders"} | ${(file: string) => tarball(file, { ...lamp("1.0.0"), name: "../../etc/passwd" })}                                                                            | ${/"name"/}
    ${"a version that is none"}           | ${(file: string) => tarball(file, { ...lamp("1.0.0"), version: "latest" })}                                                                                   | ${/"version"/}
    ${"a package that is no Node-RED's"}  | ${(file: string) => tarball(file, { name: "left-pad", version: "1.0.0" })}                                                                                    | ${/no Node-RED package/}
    ${"a link to some other file"}        | ${(file: string) => symlinkSync("/etc/hostname", file)}                                                                                                       | ${/link/}
  `(
    "names $what, leaves it out and offers the others",
    async ({ make, why }: { make: (file: string) => void; why: RegExp }) => {
      mkdirSync(owners);
      make(join(owners, "bad.tgz"));
      tarball(join(ours, "lamp.tgz"), lamp("1.0.0"));
      const answer = await ask();
      expect(answer.modules.map(({ id }) => id)).toEqual(["@house/node-red-lamp"]);
      expect(answer.skipped).toEqual([{ file: "bad.tgz", why: expect.stringMatching(why) }]);
    },
  );

  it("never passes a homepage on that is no web address", async () => {
    tarball(join(owners, "lamp.tgz"), { ...lamp("1.0.0"), homepage: "javascript:alert(1)" });
    const entry = await first();
    expect(entry.url).toBe(entry.pkg_url);
  });

  it.each(["/../../../etc/passwd", "/..%2f..%2fetc%2fpasswd/x", "/0/..%2f..%2fsecret.txt", "/undefined/lamp.tgz", "/"])(
    "gives nothing for tarballs%s",
    async (path) => {
      tarball(join(owners, "lamp.tgz"), lamp("1.0.0"));
      writeFileSync(join(home, "secret.txt"), "secret");
      await request(app).get(`/api/v1/palette/tarballs${path}`).expect(404);
    },
  );

  it("says that there is none as every route of the API says what is wrong", async () => {
    const { type, body } = await request(app).get("/api/v1/palette/tarballs/0/lamp.tgz").expect(404);
    expect([type, body]).toMatchObject(["application/problem+json", { status: 404, code: "TARBALL_NOT_FOUND" }]);
  });

  it("takes nothing from anybody", async () => {
    await request(app).post("/api/v1/palette/catalogue.json").expect(404);
    await request(app).put("/api/v1/palette/tarballs/0/x.tgz").expect(404);
  });
});

describe("versions", () => {
  it("compare as Semantic Versioning's own example has them", () => {
    const ordered = [
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-alpha.beta",
      "1.0.0-beta",
      "1.0.0-beta.2",
      "1.0.0-beta.11",
      "1.0.0-rc.1",
      "1.0.0",
    ];
    expect(ordered.toReversed().toSorted(compareVersions)).toEqual(ordered);
    expect(compareVersions("1.10.0", "1.9.9")).toBeGreaterThan(0);
    expect(compareVersions("1.0.0+a", "1.0.0+b")).toBe(0);
  });
});
