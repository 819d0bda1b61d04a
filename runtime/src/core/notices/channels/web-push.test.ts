/** Web Push, against a push service that records what it gets, which is then read as a browser reads it: no vendor's server is asked. */
import { createECDH, createPublicKey, randomBytes, verify } from "node:crypto";
import { join } from "node:path";
import { recordingServer, type RecordingServer } from "../../../../../test/support/recording-server";
import { tempDir } from "../../../../../test/support/temp-dir";
import { noticeSettings, PUSH_SERVICES } from "../settings";
import type { Outgoing } from "./channel";
import { isPushService, openPushSubscriptions, type PushSubscriptions } from "./push-subscriptions";
import { webPushChannel } from "./web-push";

/** What web-push itself writes with; it brings no types. */
const ece = require("http_ece") as { decrypt(body: Buffer, how: object): Buffer };

/** A browser's half of a subscription (RFC 8291, 3.1). */
function browser(server: RecordingServer, path: string) {
  const keys = createECDH("prime256v1");
  keys.generateKeys();
  const auth = randomBytes(16);
  return {
    subscription: {
      endpoint: `${server.url}/${path}`,
      keys: { p256dh: keys.getPublicKey("base64url"), auth: auth.toString("base64url") },
    },
    read: (body: Buffer) =>
      JSON.parse(
        ece
          .decrypt(body, { version: "aes128gcm", privateKey: keys, authSecret: auth.toString("base64url") })
          .toString(),
      ) as object,
  };
}

const notice: Outgoing = {
  id: "n1",
  at: 5,
  severity: "alarm",
  title: "Cellar",
  text: "Water in the cellar",
  actions: [{ id: "pump", label: "Pump on" }],
};

describe("Web Push, recorded", () => {
  const dir = tempDir();
  let server: RecordingServer;
  let subscriptions: PushSubscriptions;
  let files = 0;
  let file = "";
  let accounts: string[];
  const open = () =>
    openPushSubscriptions({
      file,
      services: [server.host],
      now: () => 7,
      isAccount: (id) => accounts.includes(id),
    });
  const send = (done = new Set<string>()) =>
    webPushChannel(
      noticeSettings.parse({ webPush: { enabled: true, contact: "ann@home.arpa" } }).webPush,
      subscriptions,
    ).send(notice, { signal: AbortSignal.timeout(20_000), done });
  beforeEach(async () => {
    accounts = ["ann", "bob"];
    server = await recordingServer();
    server.answer(() => ({ status: 201 }));
    file = join(dir.path, `web-push-${++files}.json`);
    subscriptions = open();
  });
  afterEach(() => server.close());
  afterAll(() => dir.remove());

  it("reaches the browser encrypted for it alone, signed with the house's key", async () => {
    const { subscription, read } = browser(server, "ann");
    await subscriptions.add("ann", subscription);
    await send();
    const [request] = server.requests;
    expect(request).toMatchObject({
      method: "POST",
      path: "/ann",
      headers: { "content-encoding": "aes128gcm", ttl: "86400", urgency: "high" },
    });
    expect(request?.body.includes("cellar")).toBe(false);
    expect(read(request?.body ?? Buffer.of())).toEqual({ ...notice, text: "Water in the cellar" });
    // VAPID: `vapid t=<JWT>, k=<public key>` (RFC 8292, 3).
    const [, head = "", claims = "", signature = "", key = ""] =
      /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(String(request?.headers["authorization"])) ?? [];
    const { publicKey } = await subscriptions.keys();
    expect(key).toBe(publicKey);
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
      aud: server.url,
      sub: "mailto:ann@home.arpa",
    });
    const point = Buffer.from(key, "base64url");
    const jwk = {
      kty: "EC",
      crv: "P-256",
      x: point.subarray(1, 33).toString("base64url"),
      y: point.subarray(33).toString("base64url"),
    };
    expect(
      verify(
        "sha256",
        Buffer.from(`${head}.${claims}`),
        { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" },
        Buffer.from(signature, "base64url"),
      ),
    ).toBe(true);
  });

  it("keeps its keys and its browsers over a restart", async () => {
    const id = await subscriptions.add("ann", browser(server, "ann").subscription);
    const keys = await subscriptions.keys();
    const again = open();
    expect(await again.keys()).toEqual(keys);
    expect(again.list).toMatchObject([{ id, account: "ann", createdAt: 7 }]);
  });

  it("forgets a browser that has taken it back, and reaches the others", async () => {
    await subscriptions.add("ann", browser(server, "gone").subscription);
    await subscriptions.add("bob", browser(server, "bob").subscription);
    server.answer(({ path }) => ({ status: path === "/gone" ? 410 : 201 }));
    await send();
    expect(subscriptions.list).toMatchObject([{ account: "bob" }]);
    expect(server.requests.map(({ path }) => path).toSorted()).toEqual(["/bob", "/gone"]);
  });

  it("tries again only the browsers that it did not reach", async () => {
    for (const name of ["ann", "bob"]) await subscriptions.add(name, browser(server, name).subscription);
    server.answer(({ path }) => ({ status: path === "/bob" ? 503 : 201 }));
    const done = new Set<string>();
    await expect(send(done)).rejects.toMatchObject({ code: "NOTICE_UNREACHED" });
    server.answer(() => ({ status: 201 }));
    await send(done);
    expect(server.requests.map(({ path }) => path).toSorted()).toEqual(["/ann", "/bob", "/bob"]);
  });

  it("is one subscription a browser, which its own account can take back, and which goes with the account", async () => {
    const { subscription } = browser(server, "ann");
    const id = await subscriptions.add("ann", subscription);
    expect(await subscriptions.add("ann", subscription)).toBe(id);
    await subscriptions.remove(id, "bob");
    expect(subscriptions.list).toHaveLength(1);
    await subscriptions.remove(id, "ann");
    expect(subscriptions.list).toHaveLength(0);
    await subscriptions.add("ann", subscription);
    accounts = ["bob"];
    expect(subscriptions.list).toHaveLength(0);
    await subscriptions.removeGone();
    accounts = ["ann"];
    expect(subscriptions.list).toHaveLength(0);
  });

  it.each`
    endpoint                                        | may      | because
    ${"https://fcm.googleapis.com/fcm/send/x"}      | ${true}  | ${"Chrome's"}
    ${"https://web.push.apple.com/x"}               | ${true}  | ${"Safari's"}
    ${"https://updates.push.services.mozilla.com/"} | ${true}  | ${"Firefox's"}
    ${"http://fcm.googleapis.com/fcm/send/x"}       | ${false} | ${"not encrypted"}
    ${"https://evilpush.apple.com.example/x"}       | ${false} | ${"another's host"}
    ${"https://notpush.apple.com/x"}                | ${false} | ${"a name that only ends like it"}
    ${"http://127.0.0.1:1880/api"}                  | ${false} | ${"the leader itself"}
    ${"https://192.168.1.1/"}                       | ${false} | ${"a thing in the house"}
  `("sends to $endpoint: $may, $because", ({ endpoint, may }: { endpoint: string; may: boolean }) => {
    expect(isPushService(endpoint, PUSH_SERVICES)).toBe(may);
  });

  it("refuses a browser whose endpoint is anywhere else", async () => {
    const { subscription } = browser(server, "ann");
    await expect(
      subscriptions.add("ann", { ...subscription, endpoint: "https://192.168.1.1/admin" }),
    ).rejects.toMatchObject({ code: "PUSH_ENDPOINT_REFUSED" });
  });
});
