/** Routes over real HTTP: what was changed meanwhile is not overwritten, and what was done is not done twice. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { silentLogger, SkeinError, systemClock } from "@skein/kit";
import express from "express";
import request from "supertest";
import { z } from "zod";
import { eventually } from "../../../../test/support/eventually";
import { tempDir, type TempDir } from "../../../../test/support/temp-dir";
import type { Actor } from "../auth/actor";
import { createApi } from "./api";
import { createOnce } from "./once";
import { defineRoute } from "./route";

const thing = z.object({ name: z.string() });
let name = "old";
let done: string[] = [];
let failure: Error | undefined;
let hold: Promise<void> | undefined;
let begun = 0;
const work = async (what: string) => {
  begun++;
  await hold;
  if (failure) throw failure;
  done.push(what);
  return { name: what };
};
const routes = [
  defineRoute({
    method: "get",
    path: "/thing",
    access: "viewer",
    summary: "",
    response: thing,
    handle: () => ({ name }),
  }),
  defineRoute({
    method: "put",
    path: "/thing",
    access: "operator",
    summary: "",
    body: thing,
    response: thing,
    current: () => ({ name }),
    handle({ body }) {
      ({ name } = body);
      return { name };
    },
  }),
  defineRoute({
    method: "post",
    path: "/work",
    access: "operator",
    summary: "",
    body: thing,
    response: thing,
    status: 201,
    handle: ({ body }) => work(body.name),
  }),
  defineRoute({
    method: "post",
    path: "/secret",
    access: "operator",
    summary: "",
    response: z.object({ secret: z.string() }),
    answersSecret: true,
    async handle() {
      await work("secret");
      return { secret: "xyzzy" };
    },
  }),
  defineRoute({
    method: "post",
    path: "/silent",
    access: "operator",
    summary: "",
    async handle() {
      await work("silent");
    },
  }),
];
/** Who asks says so, and is believed. */
const actorOf = (req: express.Request): Actor => {
  const id = req.headers["x-who"];
  return typeof id === "string"
    ? { by: "session", account: { id, name: id, role: "operator" }, scopes: [], address: "" }
    : { by: "nobody", scopes: [], address: "" };
};

let dir: TempDir;
let server: Server;
const start = async () => {
  const once = createOnce({ file: dir.join("keys.json"), clock: systemClock, logger: silentLogger });
  server = createServer(express().use(createApi({ routes, actorOf, once, logger: silentLogger })));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
};
const stop = () => new Promise<void>((resolve) => void server.close(() => resolve()));
beforeEach(async () => {
  [name, done, failure, hold] = ["old", [], undefined, undefined];
  dir = tempDir();
  await start();
});
afterEach(async () => {
  await stop();
  dir.remove();
});

const ask = (method: "get" | "put" | "post", path: string, headers: Record<string, string> = {}) => {
  const api = request(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return api[method](path).set({ "x-who": "anna", ...headers });
};
const keyed = (key: string, path = "/work", what = "a", who = "anna") =>
  ask("post", path, { "idempotency-key": key, "x-who": who }).send({ name: what });
const told = ({ status, body }: request.Response) => [status, (body as { code?: string }).code];

describe("an ETag", () => {
  it("spares sending again what the asker has", async () => {
    const { etag = "" } = (await ask("get", "/thing").expect(200)).headers as { etag?: string };
    await ask("get", "/thing", { "if-none-match": etag }).expect(304);
    name = "new";
    await ask("get", "/thing", { "if-none-match": etag }).expect(200);
  });

  it("lets nobody overwrite what has been changed since it was read", async () => {
    const { etag = "" } = (await ask("get", "/thing")).headers as { etag?: string };
    name = "changed by another";
    expect(told(await ask("put", "/thing", { "if-match": etag }).send({ name: "mine" }))).toEqual([
      412,
      "PRECONDITION_FAILED",
    ]);
    expect(name).toBe("changed by another");
    const { headers } = await ask("get", "/thing");
    const first = await ask("put", "/thing", { "if-match": `"x", ${headers["etag"]}` }).send({ name: "mine" });
    // The answer's own is that of what stands there now: the next change needs no reading.
    await ask("put", "/thing", { "if-match": first.headers["etag"] ?? "" })
      .send({ name: "mine still" })
      .expect(200);
    await ask("put", "/thing", { "if-match": "*" }).send({ name: "whatever it was" }).expect(200);
    expect(name).toBe("whatever it was");
  });
});

describe("an Idempotency-Key", () => {
  it("gets the first answer again, and nothing is done twice, also after a restart", async () => {
    const first = await keyed("k").expect(201);
    expect(first.headers).not.toHaveProperty("idempotency-replayed");
    await stop();
    await start();
    const again = await keyed("k").expect(201);
    expect([again.body, again.headers["idempotency-replayed"]]).toEqual([first.body, "true"]);
    expect(done).toEqual(["a"]);
    await keyed("s", "/silent").expect(204);
    await keyed("s", "/silent").expect(204);
    expect(done).toEqual(["a", "silent"]);
  });

  it("is known no more when the file cannot be read: that is put aside, and the house starts", async () => {
    await keyed("k").expect(201);
    await stop();
    writeFileSync(dir.join("keys.json"), "");
    await start();
    expect(readdirSync(dir.path)).toEqual([expect.stringMatching(/^keys\.json\.damaged-\d{8}T\d{6}Z$/)]);
    await keyed("k").expect(201);
    expect(done).toEqual(["a", "a"]);
    expect(readdirSync(dir.path)).toContain("keys.json");
  });

  it("is one account's, and of one request", async () => {
    await keyed("k").expect(201);
    await keyed("k", "/work", "a", "ben").expect(201);
    expect(done).toEqual(["a", "a"]);
    expect(told(await keyed("k", "/work", "b"))).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
    expect(told(await keyed("k", "/silent"))).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
    expect(told(await keyed("x".repeat(256)))).toEqual([400, "REQUEST_INVALID"]);
    expect(done).toEqual(["a", "a"]);
  });

  it("waits for no answer that is still under way", async () => {
    let release = () => {};
    hold = new Promise((resolve) => (release = resolve));
    const before = begun;
    const first = keyed("k").then((response) => response);
    await eventually(() => expect(begun).toBe(before + 1));
    expect(told(await keyed("k"))).toEqual([409, "IDEMPOTENCY_BUSY"]);
    release();
    expect((await first).status).toBe(201);
    expect(done).toEqual(["a"]);
  });

  it("is refused again as it was refused, and may be tried again when it failed within", async () => {
    failure = new SkeinError("THING_UNKNOWN", "no such thing.");
    const refused = await keyed("k").expect(404);
    failure = undefined;
    expect((await keyed("k").expect(404)).text).toBe(refused.text);
    for (const passing of [new SkeinError("BUS_DOWN", "away."), new Error("a fault")]) {
      failure = passing;
      expect((await keyed("l")).status).toBeGreaterThanOrEqual(500);
    }
    failure = undefined;
    await keyed("l").expect(201);
    expect(done).toEqual(["a"]);
  });

  it("does not tell a secret again, and keeps neither it nor the key nor the body", async () => {
    await keyed("a key of mine", "/secret", "my password").expect(200);
    expect(told(await keyed("a key of mine", "/secret", "my password"))).toEqual([409, "IDEMPOTENCY_ANSWER_GONE"]);
    expect(done).toEqual(["secret"]);
    expect(readFileSync(dir.join("keys.json"), "utf8")).not.toMatch(/xyzzy|my password|a key of mine/);
  });
});
