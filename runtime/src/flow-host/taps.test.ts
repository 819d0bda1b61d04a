/** What the journal is told of a flow's inputs, and of its deploys. */
import { EventEmitter } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { flowInput, flowDeployed, type FlowInput, type FlowsDeployment } from "@skein/contracts";
import { tapDeploys } from "./deploy-tap";
import { MAX_KEPT_BODY_BYTES, tapHttp } from "./http-tap";
import { MAX_KEPT_MESSAGE, tapInjects } from "./inject-tap";

describe("what comes by HTTP", () => {
  const noted: FlowInput[] = [];
  const read: string[] = [];
  let server: Server;
  beforeAll(async () => {
    server = createServer((req, res) => {
      tapHttp(req, (input) => void noted.push(input));
      let text = "";
      // A reader that comes late, as behind a slow middleware.
      setImmediate(() => {
        req.on("data", (chunk: Buffer) => (text += chunk.toString()));
        req.on("end", () => (read.push(text), res.end(String(noted.length))));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => server.close());
  beforeEach(() => void (noted.length = read.length = 0));

  const send = (path: string, method: string, headers: Record<string, string>, body?: string) =>
    new Promise<string>((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      const asked = request({ port, path, method, headers }, (res) =>
        res.on("data", (sent: Buffer) => resolve(sent.toString())),
      );
      asked.on("error", reject);
      asked.end(body);
    });

  it("is noted whole before the flow has read it, and the flow reads it whole", async () => {
    expect(await send("/hooks/light?on=1", "POST", { "x-room": "attic", "content-type": "text/plain" }, "büyük")).toBe(
      "1",
    );
    expect(read).toEqual(["büyük"]);
    const [input] = noted;
    expect(flowInput.schema.parse(input)).toEqual(input);
    expect(input).toMatchObject({
      input: "http",
      method: "POST",
      url: "/hooks/light?on=1",
      headers: { "x-room": "attic", "content-type": "text/plain" },
      body: { base64: Buffer.from("büyük").toString("base64"), bytes: 7 },
    });
  });

  it("is noted without what opens doors", async () => {
    const secret = {
      authorization: "Basic rosebud",
      cookie: "a=rosebud",
      "x-api-key": "rosebud",
      "x-hub-signature": "rosebud",
    };
    await send("/hooks/a?b=1&api_key=rosebud&token=rosebud&c", "GET", { ...secret, "x-d": "e" });
    expect(JSON.stringify(noted)).not.toContain("rosebud");
    expect(noted).toMatchObject([{ url: "/hooks/a?b=1&c", headers: { "x-d": "e" } }]);
    expect(noted[0]).not.toHaveProperty("body");
  });

  it("is cut where it is long, and the flow has all of it", async () => {
    const long = "x".repeat(3 * MAX_KEPT_BODY_BYTES);
    await send("/hooks/long", "PUT", {}, long);
    expect(read[0]).toHaveLength(long.length);
    const [input] = noted;
    expect(flowInput.schema.parse(input)).toEqual(input);
    expect(input).toMatchObject({ body: { bytes: long.length } });
    expect(Buffer.from((input as { body: { base64: string } }).body.base64, "base64")).toHaveLength(
      MAX_KEPT_BODY_BYTES,
    );
  });
});

describe("what inject nodes send", () => {
  const noted: FlowInput[] = [];
  const tap = tapInjects((input) => void noted.push(input));
  const event = (type: string, msg: unknown) => ({ msg, source: { id: "n1", node: { type, z: "t1" } } });
  beforeEach(() => void (noted.length = 0));

  it("is noted once, however many wires there are, and nothing else is", () => {
    const msg = { _msgid: "1", payload: 5 };
    tap([event("inject", msg), event("inject", msg)]);
    tap([event("function", msg)]);
    tap([]);
    expect(noted).toEqual([{ input: "inject", node: "n1", tab: "t1", message: JSON.stringify(msg) }]);
    expect(flowInput.schema.parse(noted[0])).toEqual(noted[0]);
  });

  it("is noted without the message when that is no JSON, or too long", () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    tap([event("inject", circle)]);
    tap([event("inject", { payload: "x".repeat(MAX_KEPT_MESSAGE) })]);
    expect(noted).toEqual([
      { input: "inject", node: "n1", tab: "t1" },
      { input: "inject", node: "n1", tab: "t1" },
    ]);
  });
});

describe("a deploy", () => {
  const anna = {
    area: "editor",
    account: { id: "anna", name: "Anna", role: "designer" },
    address: "10.0.0.7",
  } as const;
  const set = () => {
    const events = new EventEmitter();
    const told: FlowsDeployment[] = [];
    const taps = tapDeploys(events, (what) => void told.push(flowDeployed.schema.parse(what)));
    return { events, told, taps };
  };
  const starting = (rev: string) => ["flows:starting", { config: { rev } }] as const;
  const done = (revision: string) => ["runtime-event", { id: "runtime-deploy", payload: { revision } }] as const;

  it("is told once, by whom and from where, also when its nodes start later", async () => {
    const { events, told, taps } = set();
    events.emit(...done("r0"));
    await taps.as({ ...anna, note: "brighter" }, "POST", "/flows", async () => {
      await Promise.resolve();
      events.emit(...starting("r1"));
      events.emit(...done("r1"));
    });
    const by = { id: "anna", name: "Anna" };
    expect(told).toEqual([
      { rev: "r0", cause: "start" },
      { rev: "r1", cause: "deploy", by, address: "10.0.0.7", note: "brighter" },
    ]);
  });

  it("is told when its nodes do not start, and by whom is each one's own when two come together", async () => {
    const { events, told, taps } = set();
    const bert = { ...anna, account: { ...anna.account, id: "bert", name: "Bert" } };
    const deploy = (who: typeof anna | typeof bert, rev: string, path: string) =>
      taps.as(who, "PUT", path, async () => {
        await Promise.resolve();
        events.emit(...done(rev));
      });
    await Promise.all([deploy(anna, "r1", "/flow/tab1"), deploy(bert as never, "r2", "/flow/tab2")]);
    expect(told.map(({ rev, by }) => [rev, by?.id])).toEqual([
      ["r1", "anna"],
      ["r2", "bert"],
    ]);
  });

  it("is nothing that only starts or stops the flows", () => {
    const { events, told, taps } = set();
    events.emit(...done("r0"));
    taps.as(anna, "POST", "/flows/state", () => events.emit(...starting("r0")));
    taps.as(anna, "GET", "/flows", () => events.emit(...starting("r0")));
    events.emit(...starting("r0"));
    events.emit("runtime-event", { id: "runtime-state" });
    expect(told).toHaveLength(1);
  });
});
