import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import { openHistory } from "@skein/history";
import { silentLogger, systemClock } from "@skein/kit";
import { bearer } from "../../runtime/src/core/testing/owner";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";
import { tempDir } from "../support/temp-dir";

/** Answers with all that a flow gets to see, and tries to log its caller in as somebody else. */
const SPY = `
  msg.payload = { headers: msg.req.headers, query: msg.req.query, url: msg.req.originalUrl };
  msg.headers = { "set-cookie": ["skein_session_1880=mine; Path=/", "own=1"] };
  return msg;`;

/** HTTP-in nodes under /hooks/, as programs call them: core hands the request to the flow host and the answer back. */
describe("a flow's own route", () => {
  let leader: Leader;
  const dir = tempDir("skein-hooks-");
  const dataDir = dir.join("data");
  beforeAll(async () => {
    leader = await startLeader({
      dataDir,
      prepare: (folder) => {
        mkdirSync(join(folder, "flows"), { recursive: true });
        writeFileSync(join(folder, "flows", "flows.json"), JSON.stringify(FLOW));
      },
    });
  }, 60_000);
  afterAll(async () => {
    await leader?.stop();
    dir.remove();
  });

  const FLOW = [
    { id: "tab", type: "tab", label: "hooks" },
    { id: "in", type: "http in", z: "tab", url: "/light", method: "post", wires: [["out"]] },
    { id: "out", type: "http response", z: "tab", wires: [] },
    { id: "spy", type: "http in", z: "tab", url: "/spy/:what", method: "get", wires: [["func"]] },
    { id: "func", type: "function", z: "tab", func: SPY, outputs: 1, wires: [["out"]] },
    { id: "secret", type: "http in", z: "tab", url: "/rooms/secret", method: "get", wires: [["func"]] },
    { id: "room", type: "http in", z: "tab", url: "/rooms/:room", method: "get", wires: [["func"]] },
    { id: "chat", type: "websocket-listener", path: "/chat", wholemsg: "false" },
    { id: "talk", type: "websocket in", z: "tab", server: "chat", wires: [[]] },
    { id: "posted", type: "http in", z: "tab", url: "/chat", method: "post", wires: [["func"]] },
    {
      id: "tick",
      type: "inject",
      z: "tab",
      props: [{ p: "payload" }],
      payload: "now",
      payloadType: "str",
      wires: [["sink"]],
    },
    { id: "sink", type: "debug", z: "tab", active: false, wires: [] },
  ];
  /** `agent: false` says "Connection: close", as most scripts do. */
  const post = (agent?: false) =>
    new Promise<string>((resolve, reject) => {
      const headers = { "content-type": "application/json", ...bearer(leader.owner) };
      const asking = request(`${leader.url}/hooks/light`, { method: "POST", headers, agent }, (res) => {
        let body = "";
        res.on("data", (chunk: Buffer) => (body += chunk.toString()));
        res.on("end", () => resolve(`${res.statusCode} ${res.headers.connection} ${body}`));
      });
      asking.on("error", reject);
      asking.end('{"on":true}');
    });

  it("is answered each time, also on a connection for one request", async () => {
    const answers = new Map<string, number>();
    for (let n = 0; n < 100; n++) {
      const answer = await post(false);
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
    expect([...answers]).toEqual([['200 close {"on":true}', 100]]);
    expect(await post()).toBe('200 keep-alive {"on":true}');
  });

  it("is closed until it is opened, and shows the flow no session and no token", async () => {
    const path = "/hooks/spy/x?a=1";
    const nobody = { headers: { authorization: "" } };
    expect((await leader.fetch(path, nobody)).status).toBe(401);
    const json = { "content-type": "application/json" };
    const listed = async () => ((await (await leader.fetch("/api/v1/hooks")).json()) as { hooks: unknown[] }).hooks;
    const hook = { method: "get", path: "/spy/:what" };
    expect(await listed()).toContainEqual({ ...hook, open: false, tabs: ["hooks"] });

    const asked = [
      await leader.fetch(path, { headers: { cookie: "skein_session_1=rosebud; b=2" } }),
      await leader.fetch(`${path}&token=${leader.owner.token.replace("skein_", "own_")}`),
    ];
    for (const answer of asked) {
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([200, ["own=1"]]);
      const seen = await answer.text();
      expect(seen).not.toMatch(/rosebud|skein_|x-skein-word/);
    }

    const opened = await leader.fetch("/api/v1/hooks", { method: "PUT", headers: json, body: JSON.stringify(hook) });
    expect(await opened.json()).toMatchObject({ ...hook, open: true, by: "owner", tabs: ["hooks"] });
    expect((await leader.fetch(path, nobody)).status).toBe(200);
    expect((await leader.fetch("/hooks/light", { ...nobody, method: "POST" })).status).toBe(401);
    const closed = await leader.fetch("/api/v1/hooks?method=get&path=/spy/:what", { method: "DELETE" });
    expect(closed.status).toBe(204);
    expect((await leader.fetch(path, nobody)).status).toBe(401);
  });

  it("opens itself and no other route that fits the address as well, nor what is no WebSocket", async () => {
    const headers = { "content-type": "application/json" };
    const open = (method: string, path: string) =>
      leader.fetch("/api/v1/hooks", { method: "PUT", headers, body: JSON.stringify({ method, path }) });
    expect((await open("get", "/rooms/:room")).status).toBe(200);
    expect((await open("get", "/:room")).status).toBe(400);
    const nobody = { headers: { authorization: "" } };
    expect((await leader.fetch("/hooks/rooms/kitchen", nobody)).status).toBe(200);
    expect((await leader.fetch("/hooks/rooms/secret", nobody)).status).toBe(401);
    expect((await leader.fetch("/hooks/rooms/secret")).status).toBe(200);

    expect((await open("ws", "/chat")).status).toBe(200);
    expect((await open("ws", "/:all")).status).toBe(400);
    const asked = await new Promise<number | undefined>((resolve, reject) => {
      // An Upgrade header alone makes no upgrade.
      const options = { method: "POST", headers: { upgrade: "websocket", connection: "close" }, agent: false };
      request(`${leader.url}/hooks/chat`, options, (answer) => resolve(answer.resume().statusCode))
        .on("error", reject)
        .end();
    });
    expect(asked).toBe(401);
  });

  it("is written into the journal as it came in, as an inject is, each once", async () => {
    const heard: { data: object }[] = [];
    const raw: string[] = [];
    const { url, ...login } = leader.busUser("onlooker", "flows");
    const client = await connectAsync(url, { ...login, clientId: "skein-onlooker" });
    try {
      client.on("message", (_topic, payload) => {
        raw.push(payload.toString());
        heard.push(JSON.parse(payload.toString()) as { data: object });
      });
      await client.subscribeAsync("skein/v1/flows/flow-host/inputs");
      await post();
      await leader.fetch("/editor/inject/tick", { method: "POST" });
      await eventually(() => expect(heard).toHaveLength(2));
      const [http, inject] = heard.map(({ data }) => data);
      const body = { base64: Buffer.from('{"on":true}').toString("base64"), bytes: 11 };
      expect(http).toMatchObject({ input: "http", method: "POST", url: "/hooks/light", body });
      expect(inject).toMatchObject({
        input: "inject",
        node: "tick",
        tab: "tab",
        message: expect.stringContaining("now"),
      });
      expect(JSON.stringify(heard)).not.toMatch(/authorization|skein_/i);
    } finally {
      await client.endAsync(true);
    }
    // What is on the disk when the house has stopped: the same bytes.
    await leader.stop();
    const history = await openHistory({
      file: join(dataDir, "history", "history.db"),
      clock: systemClock,
      logger: silentLogger,
    });
    try {
      const rows: { topic: string; text: string }[] = [];
      for await (const { topic, payload } of history.journal.read())
        rows.push({ topic, text: Buffer.from(payload).toString() });
      const inputs = rows.filter(({ topic }) => topic === "skein/v1/flows/flow-host/inputs").map(({ text }) => text);
      expect(inputs.slice(-2)).toEqual(raw);
      expect(new Set(inputs).size).toBe(inputs.length);
      expect(rows.map(({ topic }) => topic)).toEqual(
        expect.arrayContaining(["skein/v1/leader/status", "skein/v1/flows/flow-host/deployed"]),
      );
    } finally {
      await history.close();
    }
  });
});
