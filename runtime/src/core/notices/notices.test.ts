/** Notices in a real core on a memory bus, over real HTTP; a flow host's place the test takes, ntfy's a server that records. */
import { createECDH } from "node:crypto";
import fs, { mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { flowMedia, noticeCommand, noticesView, type NoticeChannelsView, type NoticeView } from "@skein/contracts";
import { mediaHash } from "@skein/kit";
import request from "supertest";
import { eventually } from "../../../../test/support/eventually";
import { codeOf, isHeard, noticesHouse, twoButtons, type NoticesHouse } from "../../../../test/support/notices-house";
import { recordingServer } from "../../../../test/support/recording-server";
import { coreOnMemory } from "../testing/core-on-memory";
import { bearer } from "../testing/owner";
import { inWords } from "./mass-loss-notice";
import { MAX_PICTURES } from "./store";

const png = (nth: number) => Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, nth]);

describe("notices", () => {
  let home: NoticesHouse;
  beforeAll(async () => (home = await noticesHouse()));
  beforeEach(() => home.reset());
  afterAll(() => home?.stop());

  it("are kept, newest first, and whoever asked learns which channels have them", async () => {
    await home.said({ text: "The wash is done." });
    const { id, sent } = await home.said({
      text: "Water in the cellar",
      title: "Cellar",
      severity: "alarm",
      actions: twoButtons,
      node: "n",
    });
    expect(sent).toEqual({ page: { ok: true }, ntfy: { ok: true } });
    const [first, second] = await home.list();
    expect(first).toMatchObject({
      id,
      title: "Cellar",
      severity: "alarm",
      actions: twoButtons,
      hasPicture: false,
      sent,
    });
    expect(first).not.toHaveProperty("key");
    expect(first).not.toHaveProperty("origin");
    expect(second).toMatchObject({ text: "The wash is done.", severity: "info", sent: { page: { ok: true } } });
    expect(home.ntfy.requests).toHaveLength(1);
  });

  it("say when a channel did not have them, and have them sent again", async () => {
    home.ntfy.answer(() => ({ status: 503 }));
    const { id, sent } = await home.said({ text: "x", severity: "warning" });
    expect(sent["ntfy"]).toMatchObject({ ok: false, detail: expect.stringContaining("503") });
    home.ntfy.answer(() => ({ status: 200 }));
    await eventually(async () =>
      expect((await home.list()).find((notice) => notice.id === id)?.sent["ntfy"]).toEqual({ ok: true }),
    );
  });

  it("are sent after a restart of core when they had not been before it", async () => {
    home.ntfy.answer(() => ({ status: 503 }));
    const { id } = await home.said({ text: "before the restart", severity: "warning" });
    await eventually(async () => expect((await home.list())[0]?.sent["ntfy"]).toMatchObject({ ok: false }));
    const restarted = home.restart();
    home.ntfy.answer(() => ({ status: 200 }));
    await restarted;
    await eventually(async () =>
      expect((await home.list()).find((notice) => notice.id === id)?.sent["ntfy"]).toEqual({ ok: true }),
    );
  });

  it("show the picture that was sent ahead of them, as a picture and nothing else", async () => {
    const bytes = png(1);
    await home.flows.publishRaw(flowMedia.topic({ host: "flow-host", hash: mediaHash(bytes) }), bytes, "media");
    const { id, picture } = await home.said({ text: "At the door", severity: "warning", picture: mediaHash(bytes) });
    expect(picture).toBe(true);
    expect(home.ntfy.requests).toMatchObject([{ method: "PUT", body: bytes }]);
    const { headers, body } = await home.get(`/notices/${id}/picture`, "viewer").expect(200);
    expect(headers).toMatchObject({ "content-type": "image/png", "x-content-type-options": "nosniff" });
    expect(body).toEqual(bytes);
    await home.restart();
    expect((await home.get(`/notices/${id}/picture`).expect(200)).body).toEqual(bytes);
  });

  it("go without a picture that never came, is none, or is another than its name says", async () => {
    const wrong = [
      { hash: mediaHash(png(2)), bytes: undefined },
      { hash: mediaHash(Buffer.from("<svg/>")), bytes: Buffer.from("<svg/>") },
      { hash: mediaHash(png(3)), bytes: png(4) },
    ];
    const gone = await Promise.all(
      wrong.map(async ({ hash, bytes }) => {
        if (bytes) await home.flows.publishRaw(flowMedia.topic({ host: "flow-host", hash }), bytes, "media");
        return home.said({ text: "x", picture: hash });
      }),
    );
    expect(gone.map(({ picture }) => picture)).toEqual([false, false, false]);
    expect(codeOf(await home.get(`/notices/${gone[0]?.id}/picture`))).toEqual([404, "PICTURE_UNKNOWN"]);
  });

  it("of the house itself are told like others, and have no buttons", async () => {
    const { body } = await home.post("/notices/test", {}, "operator").expect(200);
    expect(body).toMatchObject({ title: "Test", actions: [], sent: { page: { ok: true } } });
    expect(codeOf(await home.post(`/notices/${(body as NoticeView).id}/answer`, { action: "x" }))).toEqual([
      404,
      "NOTICE_ACTION_UNKNOWN",
    ]);
  });

  it("are told once when their command is delivered twice", async () => {
    const commands: { topic: string; payload: Uint8Array }[] = [];
    const stop = await home.flows.subscribeRaw(noticeCommand.filter(), (received) => void commands.push(received));
    const { id } = await home.said({ text: "once", severity: "warning" });
    await eventually(() => expect(commands).toHaveLength(1));
    await stop();
    const [{ topic, payload } = { topic: "", payload: Buffer.alloc(0) }] = commands;
    await home.flows.publishRaw(topic, payload, "command");
    // What comes after it is told after it.
    await home.said({ text: "the next" });
    expect((await home.list()).slice(0, 2)).toMatchObject([{ text: "the next" }, { id, text: "once" }]);
    expect(home.ntfy.requests).toHaveLength(1);
  });

  it("are told when the disk takes nothing, and kept as soon as it does again", async () => {
    const core = join(home.core.dir, "core");
    // In the place of the file that is written beside it, and of the one where commands are written down.
    const inTheWay = join(core, `notices.json.${process.pid}.next`);
    mkdirSync(inTheWay);
    const commands = jest.spyOn(fs, "writeSync").mockImplementation(() => {
      throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
    });
    try {
      const { id, sent } = await home.said({
        text: "Water in the cellar",
        severity: "alarm",
        actions: twoButtons,
        node: "n",
      });
      expect(sent).toMatchObject({ page: { ok: true }, ntfy: { ok: true } });
      expect(home.ntfy.requests).toHaveLength(1);
      expect((await home.post("/notices/test").expect(200)).body).toMatchObject({ sent: { page: { ok: true } } });
      await home.post(`/notices/${id}/answer`, { action: "leave" }).expect(200);
      expect(home.answers).toHaveLength(1);
    } finally {
      commands.mockRestore();
      rmdirSync(inTheWay);
    }
    await home.said({ text: "one more" });
    await home.restart();
    expect((await home.list()).slice(0, 3)).toMatchObject([
      { text: "one more" },
      { title: "Test" },
      { text: "Water in the cellar", answered: { action: "leave" } },
    ]);
  });

  it("say by which channels they go and past whose server, and that Web Push is off", async () => {
    const { body } = await home.get("/notices/channels", "viewer").expect(200);
    expect(body).toMatchObject({
      channels: [
        { name: "page", least: "info" },
        { name: "ntfy", least: "warning", passes: expect.stringContaining(home.ntfy.host) },
      ],
      webPush: { on: false },
    });
    const keys = { p256dh: "x".repeat(87), auth: "y".repeat(22) };
    const subscription = { endpoint: "https://fcm.googleapis.com/x", keys };
    expect(codeOf(await home.post("/notices/push-subscriptions", subscription))).toEqual([409, "PUSH_OFF"]);
  });
});

describe("Web Push that is switched on", () => {
  it("is asked for by a browser with the house's key, reaches it, and is taken back by the same account alone", async () => {
    const service = await recordingServer();
    service.answer(() => ({ status: 201 }));
    const webPush = { enabled: true, contact: "ann@home.arpa", services: [service.host] };
    const house = await coreOnMemory({ accounts: ["admin", "viewer"], settings: { notices: { webPush } } });
    const as = (who: "admin" | "viewer") => bearer(house.logins[who]);
    const ask = (who: "admin" | "viewer", path: string) =>
      request(house.url).post(`/api/v1/notices${path}`).set(as(who));
    try {
      const { body } = await request(house.url).get("/api/v1/notices/channels").set(as("viewer")).expect(200);
      const { publicKey = "" } = (body as NoticeChannelsView).webPush;
      // An uncompressed point of P-256, as pushManager.subscribe takes it.
      expect(Buffer.from(publicKey, "base64url")).toMatchObject({ length: 65, 0: 4 });
      const browser = createECDH("prime256v1");
      browser.generateKeys();
      const keys = { p256dh: browser.getPublicKey("base64url"), auth: Buffer.alloc(16, 1).toString("base64url") };
      const subscription = { endpoint: `${service.url}/phone`, expirationTime: null, keys };
      const wrong = { ...subscription, endpoint: "https://192.168.1.1/" };
      expect((await ask("viewer", "/push-subscriptions").send(wrong)).body).toMatchObject({
        code: "PUSH_ENDPOINT_REFUSED",
      });
      const made = await ask("viewer", "/push-subscriptions").send(subscription).expect(201);
      const { id } = made.body as { id: string };
      const test = await ask("admin", "/test").expect(200);
      expect((test.body as NoticeView).sent).toEqual({ page: { ok: true }, "web-push": { ok: true } });
      expect(service.requests.map(({ path }) => path)).toEqual(["/phone"]);
      const takeBack = (who: "admin" | "viewer") =>
        request(house.url).delete(`/api/v1/notices/push-subscriptions/${id}`).set(as(who)).expect(204);
      await takeBack("admin");
      await ask("admin", "/test").expect(200);
      expect(service.requests).toHaveLength(2);
      await takeBack("viewer");
      expect(((await ask("admin", "/test").expect(200)).body as NoticeView).sent).toEqual({ page: { ok: true } });
      expect(service.requests).toHaveLength(2);
    } finally {
      await house.stop();
      await service.close();
    }
  });

  it("ends with the login that somebody ended: of a lost phone, by logging out everywhere else or by a new password", async () => {
    const service = await recordingServer();
    service.answer(() => ({ status: 201 }));
    const webPush = { enabled: true, contact: "ann@home.arpa", services: [service.host] };
    const house = await coreOnMemory({ settings: { notices: { webPush } } });
    const { account, password } = house.owner;
    const generated = createECDH("prime256v1");
    generated.generateKeys();
    const keys = { p256dh: generated.getPublicKey("base64url"), auth: Buffer.alloc(16, 1).toString("base64url") };
    const browser = async (name: string) => {
      const agent = request.agent(house.url).set("origin", house.url);
      await agent.post("/api/v1/login").send({ account, password }).expect(200);
      const ask = () =>
        agent
          .post("/api/v1/notices/push-subscriptions")
          .send({ endpoint: `${service.url}/${name}`, keys })
          .expect(201);
      await ask();
      return { agent, ask };
    };
    const reached = async () => {
      service.requests.length = 0;
      await request(house.url).post("/api/v1/notices/test").set(bearer(house.owner)).expect(200);
      return service.requests.map(({ path }) => path).toSorted();
    };
    try {
      await browser("lost");
      const kept = await browser("kept");
      expect(await reached()).toEqual(["/kept", "/lost"]);
      await kept.agent.delete("/api/v1/sessions/others").expect(204);
      expect(await reached()).toEqual(["/kept"]);
      await browser("second");
      const renewed = { old: password, new: "another long one" };
      await kept.agent.put(`/api/v1/accounts/${account}/password`).send(renewed).expect(204);
      expect(await reached()).toEqual(["/kept"]);
      await kept.agent.post("/api/v1/logout").expect(204);
      expect(await reached()).toEqual([]);
    } finally {
      await house.stop();
      await service.close();
    }
  });
});

describe("many notices", () => {
  it("are refused when a wire loops, and pictures are kept up to a number", async () => {
    const house = await coreOnMemory();
    try {
      const flows = house.bus("flow-host");
      await isHeard(flows);
      const outcomes = [];
      for (let nth = 0; nth < 61; nth++) {
        const bytes = png(nth);
        await flows.publishRaw(flowMedia.topic({ host: "flow-host", hash: mediaHash(bytes) }), bytes, "media");
        outcomes.push(await flows.request(noticeCommand, {}, { text: `n ${nth}`, picture: mediaHash(bytes) }));
      }
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(60);
      expect(outcomes.at(-1)).toMatchObject({ ok: false, code: "NOTICE_TOO_MANY" });
      const { body } = await request(house.url).get("/api/v1/notices").set(bearer(house.owner));
      const { notices } = noticesView.parse(body);
      expect(notices).toHaveLength(60);
      expect(notices.filter(({ hasPicture }) => hasPicture)).toHaveLength(MAX_PICTURES);
      expect(notices[0]).toMatchObject({ text: "n 59", hasPicture: true });
    } finally {
      await house.stop();
    }
  });
});

it("a mass loss is told in words, naming some", () => {
  const followers = ["a", "b", "c", "d", "e", "f", "g"];
  expect(inWords({ notice: "mass-loss", followers, of: 9, since: 0 })).toEqual({
    severity: "warning",
    title: "7 of 9 followers were lost together",
    text: "a, b, c, d, e and 2 more. Look at what they share: power, switch, Wi-Fi.",
  });
  expect(inWords({ notice: "mass-loss-over", followers: ["a"], since: 0, lastedMs: 1 })).toMatchObject({
    severity: "info",
    text: "a.",
  });
});
