/** ntfy, against a server that records what it gets (test/support/recording-server.ts): no real ntfy, no real phone. */
import { recordingServer, type RecordingServer } from "../../../../../test/support/recording-server";
import { noticeSettings } from "../settings";
import type { Outgoing } from "./channel";
import { ntfyChannel } from "./ntfy";

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
const notice = (more: Partial<Outgoing> = {}): Outgoing => ({
  id: "n1",
  at: 0,
  severity: "warning",
  title: "Keller",
  text: "Wasser im Keller: 3 cm\nseit 5 Minuten, ü",
  actions: [],
  ...more,
});
const buttons = {
  actions: [{ id: "pump", label: "Pumpe an" }],
  link: "http://skein.home.arpa:1880/#notices/n1",
  press: { url: "http://skein.home.arpa:1880/api/v1/notices/n1/press", key: "k" },
};

describe("ntfy, recorded", () => {
  let server: RecordingServer;
  const channel = (more: object = {}) => {
    const settings = noticeSettings.parse({ ntfy: { url: server.url, topic: "haus", ...more } }).ntfy;
    return ntfyChannel(settings!);
  };
  const send = (what: Outgoing, more: object = {}) =>
    channel(more).send(what, { signal: AbortSignal.timeout(20_000), done: new Set() });
  const bodyOf = (nth = 0) => JSON.parse(server.requests[nth]?.body.toString() ?? "") as Record<string, unknown>;

  beforeEach(async () => void (server = await recordingServer()));
  afterEach(() => server.close());

  it("gets text, title, priority and tag as JSON, with the token of the server", async () => {
    await send(notice(), { token: "tk_secret" });
    expect(server.requests).toMatchObject([
      { method: "POST", path: "/", headers: { authorization: "Bearer tk_secret", "content-type": "application/json" } },
    ]);
    expect(bodyOf()).toEqual({
      topic: "haus",
      title: "Keller",
      message: "Wasser im Keller: 3 cm\nseit 5 Minuten, ü",
      priority: 4,
      tags: ["warning"],
    });
  });

  it("gets buttons that call the leader with the notice's own key, and a link to it", async () => {
    await send(notice(buttons));
    expect(bodyOf()).toMatchObject({
      click: buttons.link,
      actions: [
        {
          action: "http",
          label: "Pumpe an",
          url: buttons.press.url,
          method: "POST",
          body: '{"action":"pump","key":"k"}',
          clear: true,
        },
      ],
    });
  });

  it("gets no buttons where there is no address that they could call", async () => {
    await send(notice({ actions: buttons.actions }));
    expect(bodyOf()).not.toHaveProperty("actions");
  });

  it("gets a picture as the body of a PUT, and the words in headers that any ntfy can read", async () => {
    await send(notice({ ...buttons, picture: { type: "image/png", bytes: PNG } }));
    const [put] = server.requests;
    expect(put).toMatchObject({
      method: "PUT",
      path: "/haus",
      headers: { title: "Keller", priority: "4", filename: "picture.png" },
    });
    expect(put?.body).toEqual(PNG);
    const [, base64 = ""] = /^=\?UTF-8\?B\?(.*)\?=$/.exec(String(put?.headers["message"])) ?? [];
    expect(Buffer.from(base64, "base64").toString()).toBe(notice().text);
    expect(JSON.parse(String(put?.headers["actions"]))).toMatchObject([{ action: "http", label: "Pumpe an" }]);
  });

  it.each([400, 413])("gets the words alone when it takes no picture (%d)", async (status) => {
    server.answer(({ method }) => ({ status: method === "PUT" ? status : 200 }));
    await send(notice({ picture: { type: "image/png", bytes: PNG } }));
    expect(server.requests.map(({ method }) => method)).toEqual(["PUT", "POST"]);
    expect(bodyOf(1)).toMatchObject({ message: notice().text });
  });

  it("gets no more than it takes for a message", async () => {
    await send(notice({ text: "ü".repeat(4000) }));
    const message = String(bodyOf()["message"]);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4000);
    expect(message).toMatch(/^ü+…$/);
  });

  it.each`
    status | body                                      | code                  | because
    ${401} | ${{ error: "unauthorized", code: 40101 }} | ${"NOTICE_REFUSED"}   | ${"another try would be refused as well"}
    ${429} | ${{ error: "limit reached" }}             | ${"NOTICE_UNREACHED"} | ${"it says: later"}
    ${503} | ${{}}                                     | ${"NOTICE_UNREACHED"} | ${"it may be back soon"}
  `("$status is $code: $because", async ({ status, body, code }: { status: number; body: object; code: string }) => {
    server.answer(() => ({ status, body }));
    await expect(send(notice())).rejects.toMatchObject({ code, message: expect.stringContaining(String(status)) });
  });

  it("that is not there is tried again later", async () => {
    const { url } = server;
    await server.close();
    server = await recordingServer();
    await expect(send(notice(), { url })).rejects.toMatchObject({
      code: "NOTICE_UNREACHED",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });
});
