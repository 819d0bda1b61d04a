/** The document of a real core: a public validator finds it sound, and a public tool's client and curl drive the house by it. */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildSync } from "esbuild";
import { generate } from "openapi-typescript-codegen";
import { z } from "zod";
import { eventually } from "../../../../test/support/eventually";
import { tempDir, type TempDir } from "../../../../test/support/temp-dir";
import { coreOnMemory, type CoreOnMemory } from "../testing/core-on-memory";
import { bearer } from "../testing/owner";
import { openApiDocument } from "./openapi";
import { defineRoute } from "./route";
import { openApiOf } from "./routes";

const run = promisify(execFile);
const root = join(__dirname, "../../../..");
let house: CoreOnMemory;
let dir: TempDir;
let file: string;
beforeAll(async () => {
  dir = tempDir();
  file = dir.join("openapi.json");
  house = await coreOnMemory();
  await house.follower("attic");
  writeFileSync(file, await (await fetch(`${house.url}/api/v1/openapi.json`)).text());
  const attic = () => fetch(`${house.url}/api/v1/followers/attic`, { headers: bearer(house.owner) });
  await eventually(async () => expect((await attic()).status).toBe(200));
});
afterAll(async () => {
  await house?.stop();
  dir?.remove();
});

interface Document {
  paths: Record<string, Record<string, Record<string, unknown>>>;
  components: { schemas: Record<string, object> };
}
const read = () => JSON.parse(readFileSync(file, "utf8")) as Document;

describe("the document", () => {
  const validate = (path: string) =>
    run(process.execPath, [
      join(root, "node_modules/@seriousme/openapi-schema-validator/bin/validate-api-cli.js"),
      path,
    ]);

  it("is what a public validator takes, which does not take everything", async () => {
    await expect(validate(file)).resolves.toMatchObject({ stdout: expect.stringContaining("true") as string });
    const broken = dir.join("broken.json");
    writeFileSync(broken, readFileSync(file, "utf8").replace('"in":"path"', '"in":"nowhere"'));
    await expect(validate(broken)).rejects.toMatchObject({ code: 1 });
  });

  it("is the one that npm run generate writes down", () => {
    const text = JSON.stringify(openApiOf("1.2.3")).replace("skein_session_1880", `skein_session_${house.port}`);
    expect(read()).toEqual(JSON.parse(text));
  });

  it("refers to nothing that it does not have", () => {
    const names = [...readFileSync(file, "utf8").matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
    expect(names).toContain("FollowerView");
    expect(Object.keys(read().components.schemas).toSorted()).toEqual([...new Set(names)].toSorted());
  });

  it("says of a call who may, what it takes, and how it fails", () => {
    expect(read().paths["/followers/{id}/maintenance"]?.["post"]).toMatchObject({
      operationId: "postFollowersByIdMaintenance",
      "x-skein-role": "operator",
      security: [{ session: [] }, { token: ["operate"] }],
      parameters: [
        { name: "id", in: "path", required: true },
        { name: "Idempotency-Key", in: "header" },
      ],
      requestBody: { required: false },
      responses: {
        200: { content: { "application/json": { schema: { $ref: "#/components/schemas/FollowerView" } } } },
        404: { description: "FOLLOWER_UNKNOWN." },
        422: { description: "IDEMPOTENCY_KEY_REUSED." },
      },
    });
  });
});

it("tells what goes in from what comes out, where a default makes the difference", () => {
  const item = z.object({ name: z.string(), size: z.number().default(1) });
  const route = defineRoute({
    method: "put",
    path: "/things/{id}",
    access: "designer",
    summary: "",
    scopes: ["hooks", "design"],
    query: z.strictObject({ deep: z.coerce.number().int(), why: z.string().optional() }),
    body: item,
    response: item,
    current: () => undefined,
    handle: () => ({ name: "" }),
  });
  const { paths } = openApiDocument([route], { version: "1", port: 1880 }) as unknown as Document;
  expect(paths["/things/{id}"]?.["put"]).toMatchObject({
    security: [{ session: [] }, { token: ["hooks"] }, { token: ["design"] }],
    parameters: [
      { name: "id", in: "path" },
      { name: "deep", in: "query", required: true, schema: { type: "integer" } },
      { name: "why", in: "query", required: false },
      { name: "If-Match", in: "header" },
    ],
    requestBody: { required: true, content: { "application/json": { schema: { required: ["name"] } } } },
    responses: { 200: { content: { "application/json": { schema: { required: ["name", "size"] } } } }, 412: {} },
  });
});

it("drives the house by a client that a public tool made of it", async () => {
  await generate({ input: file, output: dir.join("client"), httpClient: "fetch" });
  buildSync({
    entryPoints: [dir.join("client/index.ts")],
    outfile: dir.join("client.cjs"),
    bundle: true,
    format: "cjs",
    platform: "node",
    logLevel: "silent",
  });
  interface Client {
    OpenAPI: { BASE: string; TOKEN: string };
    FollowersService: {
      getFollowers(): Promise<{ followers: { id: string }[] }>;
      postFollowersByIdMaintenance(id: string, key?: string, body?: object): Promise<{ verdict: { state: string } }>;
    };
  }
  // oxlint-disable-next-line typescript/no-require-imports
  const { OpenAPI, FollowersService } = require(dir.join("client.cjs")) as Client;
  OpenAPI.BASE = `${house.url}${OpenAPI.BASE}`;
  await expect(FollowersService.getFollowers()).rejects.toMatchObject({ status: 401, body: { code: "LOGIN_NEEDED" } });
  OpenAPI.TOKEN = house.owner.token;
  expect((await FollowersService.getFollowers()).followers.map(({ id }) => id)).toEqual(["attic"]);
  const put = (id: string, forMs: number) =>
    FollowersService.postFollowersByIdMaintenance(id, `key ${id} ${forMs}`, { forMs });
  expect((await put("attic", 60_000)).verdict.state).toBe("maintenance");
  expect((await put("attic", 0)).verdict.state).not.toBe("maintenance");
  await expect(put("nobody", 1)).rejects.toMatchObject({ status: 404, body: { code: "FOLLOWER_UNKNOWN" } });
});

describe("curl", () => {
  const curl = async (path: string, ...args: string[]) => {
    const { stdout } = await run("curl", [
      "-sS",
      "-i",
      "-H",
      `Authorization: Bearer ${house.owner.token}`,
      ...args,
      `${house.url}/api/v1${path}`,
    ]);
    const [head = "", body = ""] = stdout.split("\r\n\r\n");
    return { status: Number(head.split(" ")[1]), etag: /^etag: (.*)$/im.exec(head)?.[1] ?? "", body };
  };

  it("reads, and is told when nothing has changed", async () => {
    const { status, etag, body } = await curl("/openapi.json");
    expect([status, JSON.parse(body)]).toEqual([200, read()]);
    expect(await curl("/openapi.json", "-H", `If-None-Match: ${etag}`)).toMatchObject({ status: 304, body: "" });
  });

  it("does something, once", async () => {
    const post = ["--json", '{"forMs":60000,"reason":"by curl"}', "-H", "Idempotency-Key: curl-1"];
    const first = await curl("/followers/attic/maintenance", ...post);
    expect(first).toMatchObject({ status: 200, body: expect.stringContaining('"maintenance"') as string });
    await curl("/followers/attic/maintenance", "--json", '{"forMs":0}');
    expect(await curl("/followers/attic/maintenance", ...post)).toMatchObject({ body: first.body });
    expect(JSON.parse((await curl("/followers/attic")).body)).not.toMatchObject({ verdict: { state: "maintenance" } });
  });
});
