/** E-mail, against a mail server that records what it gets: no mail leaves this machine. */
import { recordingMailServer, type RecordingMailServer } from "../../../../../test/support/recording-server";
import { noticeSettings } from "../settings";
import type { Outgoing } from "./channel";
import { emailChannel } from "./email";

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
const notice = (more: Partial<Outgoing> = {}): Outgoing => ({
  id: "n1",
  at: 0,
  severity: "notice",
  title: "Post",
  text: "Somebody is at the door.",
  actions: [{ id: "open", label: "Open" }],
  ...more,
});

describe("e-mail, recorded", () => {
  let server: RecordingMailServer;
  const open = async (login?: { user: string; pass: string }) => void (server = await recordingMailServer(login));
  const send = (what: Outgoing, more: object = {}, done = new Set<string>()) => {
    const { email } = noticeSettings.parse({
      email: { smtp: server.url, from: "house@home.arpa", to: ["ann@home.arpa", "bob@home.arpa"], ...more },
    });
    return emailChannel(email!, "Oak Street").send(what, { signal: AbortSignal.timeout(20_000), done });
  };
  afterEach(() => server.close());

  it("goes to each address by itself, with subject, words and where its buttons are", async () => {
    await open();
    await send(notice({ link: "https://skein.home.arpa/#notices/n1" }));
    expect(server.mails.map(({ from, to }) => [from, to])).toEqual([
      ["house@home.arpa", ["ann@home.arpa"]],
      ["house@home.arpa", ["bob@home.arpa"]],
    ]);
    expect(server.mails[0]?.text).toContain("Subject: Post (Oak Street)");
    expect(server.mails[0]?.text).toContain("Somebody is at the door.");
    expect(server.mails[0]?.text).toContain("Open: https://skein.home.arpa/#notices/n1");
  });

  it("bears a picture as an attachment, and says at an alarm that it is one", async () => {
    await open();
    await send(notice({ severity: "alarm", picture: { type: "image/png", bytes: PNG } }), { to: ["ann@home.arpa"] });
    const [mail] = server.mails;
    expect(mail?.text).toMatch(/Subject: ALARM: Post/);
    expect(mail?.text).toContain("filename=picture.png");
    expect(mail?.text).toContain(PNG.toString("base64"));
  });

  it("logs in where it is told to", async () => {
    await open({ user: "house", pass: "secret" });
    await send(notice(), { username: "house", password: "secret", to: ["ann@home.arpa"] });
    expect(server.mails).toMatchObject([{ user: "house" }]);
    await expect(send(notice(), { username: "house", password: "wrong" })).rejects.toMatchObject({
      code: "NOTICE_REFUSED",
      message: expect.stringContaining("535"),
    });
  });

  it("reaches the others when one address is wrong, and does not try that one again", async () => {
    await open();
    server.unknown.add("ann@home.arpa");
    await expect(send(notice())).rejects.toMatchObject({
      code: "NOTICE_REFUSED",
      message: expect.stringMatching(/^1 of 2 .*550/),
    });
    expect(server.mails.map(({ to }) => to)).toEqual([["bob@home.arpa"]]);
  });

  it("gives up with its time, and sends nothing twice that arrives after all", async () => {
    await open();
    const late = new AbortController();
    let take = (): void => {};
    server.holdNext((letGo) => {
      take = letGo;
      late.abort(new Error("no answer within 10 s"));
    });
    const done = new Set<string>();
    const channel = emailChannel(
      noticeSettings.parse({ email: { smtp: server.url, from: "house@home.arpa", to: ["ann@home.arpa"] } }).email!,
      "Oak Street",
    );
    await expect(channel.send(notice(), { signal: late.signal, done })).rejects.toMatchObject({
      code: "NOTICE_UNREACHED",
      message: expect.stringContaining("no answer within 10 s"),
    });
    const again = channel.send(notice(), { signal: AbortSignal.timeout(20_000), done });
    take();
    await again;
    expect([...done]).toEqual(["ann@home.arpa"]);
    expect(server.mails).toHaveLength(1);
  });

  it("tries again only whom it did not reach", async () => {
    await open();
    server.busy.add("bob@home.arpa");
    const done = new Set<string>();
    await expect(send(notice(), {}, done)).rejects.toMatchObject({ code: "NOTICE_UNREACHED" });
    server.busy.clear();
    await send(notice(), {}, done);
    expect(server.mails.map(({ to }) => to)).toEqual([["ann@home.arpa"], ["bob@home.arpa"]]);
  });
});
