/** Logging in at a real core: by link, by password, by token; who may what with accounts; and who is told. */
import { Agent, request as httpRequest } from "node:http";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AccountView, EventsPage, MeView, TokenView } from "@skein/contracts";
import { systemClock, systemRandom } from "@skein/kit";
import { toString } from "qrcode";
import request from "supertest";
import { eventually } from "../../../../test/support/eventually";
import { loginLinks, loginLinksFolder } from "./login-links";
import { bearer } from "../testing/owner";
import { coreOnMemory, type CoreOnMemory } from "../testing/core-on-memory";

let house: CoreOnMemory;
afterEach(() => house?.stop());

const codeOf = ({ status, body }: request.Response) => [status, (body as { code?: string }).code];
/** As a browser: it keeps cookies and says where it comes from. */
const browser = () => request.agent(house.url).set("origin", house.url);
const login = (agent: ReturnType<typeof browser>, account: string, password: string) =>
  agent.post("/api/v1/login").send({ account, password });

describe("a house at its first start", () => {
  beforeEach(async () => (house = await coreOnMemory({ accounts: [] })));

  it("lets its owner in by the printed link, once, and asks for no link when there is a password", async () => {
    const [link = ""] = house.setupLinks;
    const first = browser();
    const welcome = await first.post("/api/v1/setup").send({ token: link });
    expect(welcome.body).toMatchObject({ account: { id: "owner", role: "admin", hasPassword: false }, by: "session" });
    expect(welcome.headers["set-cookie"]).toEqual([
      expect.stringMatching(/^skein_session_\d+=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    expect(codeOf(await browser().post("/api/v1/setup").send({ token: link }))).toEqual([401, "LINK_USED"]);
    // Nobody's password is known yet: the next start prints another link.
    await house.restart();
    expect(house.setupLinks).toHaveLength(2);
    await first.put("/api/v1/accounts/owner/password").send({ new: "a long enough one" }).expect(204);
    await house.restart();
    expect(house.setupLinks).toHaveLength(2);
    expect((await first.get("/api/v1/me").expect(200)).body).toMatchObject({ account: { hasPassword: true } });
    expect(codeOf(await login(browser(), "owner", "a wrong one"))).toEqual([401, "LOGIN_WRONG"]);
    expect((await login(browser(), " Owner ", "a long enough one")).status).toBe(200);
  });

  it("lets whoever lost a password choose a new one after a link from the machine", async () => {
    const first = browser();
    await first.post("/api/v1/setup").send({ token: house.setupLinks[0] }).expect(200);
    await first.put("/api/v1/accounts/owner/password").send({ new: "a forgotten one" }).expect(204);
    // As `skein login-link` does, beside the running leader.
    const links = loginLinks(loginLinksFolder(join(house.dir, "core")), { clock: systemClock, random: systemRandom });
    const second = browser();
    await second
      .post("/api/v1/setup")
      .send({ token: await links.make(60_000, "owner") })
      .expect(200)
      .expect(({ body }) => expect(body).toMatchObject({ byLink: true }));
    // A page asks this to know whether the old one has to be told.
    const byLink = async () => ((await second.get("/api/v1/me")).body as MeView).byLink;
    expect(await byLink()).toBe(true);
    await second.put("/api/v1/accounts/owner/password").send({ new: "a remembered one" }).expect(204);
    expect(await byLink()).toBeUndefined();
    expect((await login(browser(), "owner", "a remembered one")).status).toBe(200);
    const third = browser();
    await login(third, "owner", "a remembered one").expect(200);
    expect(codeOf(await third.put("/api/v1/accounts/owner/password").send({ new: "without the old" }))).toEqual([
      401,
      "LOGIN_WRONG",
    ]);
  });

  it("lets a link work once when it is followed twice at the same time", async () => {
    const token = house.setupLinks[0] ?? "";
    const both = await Promise.all([1, 2, 3].map(() => browser().post("/api/v1/setup").send({ token })));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401]);
  });
});

describe("a house with accounts", () => {
  beforeEach(async () => (house = await coreOnMemory({ accounts: ["admin", "viewer"] })));
  const owner = () => request.agent(house.url).set(bearer(house.owner));

  it("ends a session at log-out, elsewhere at a new password, and everything with the account", async () => {
    const { password } = house.logins.viewer;
    const [phone, laptop] = [browser(), browser()];
    await login(phone, "viewer", password).expect(200);
    await login(laptop, "viewer", password).expect(200);
    const { sessions } = (await phone.get("/api/v1/sessions").expect(200)).body as { sessions: { current: boolean }[] };
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    const change = (old: string) =>
      phone.put("/api/v1/accounts/viewer/password").send({ old, new: "another long one" });
    expect(codeOf(await change("a wrong one"))).toEqual([401, "LOGIN_WRONG"]);
    await change(password).expect(204);
    await phone.get("/api/v1/me").expect(200);
    expect(codeOf(await laptop.get("/api/v1/me"))).toEqual([401, "LOGIN_NEEDED"]);
    await phone.post("/api/v1/logout").expect(204);
    await phone.get("/api/v1/me").expect(401);
    await login(laptop, "viewer", "another long one").expect(200);
    await owner().delete("/api/v1/accounts/viewer").expect(204);
    await laptop.get("/api/v1/me").expect(401);
    expect(codeOf(await request(house.url).get("/api/v1/me").set(bearer(house.logins.viewer)))).toEqual([
      401,
      "LOGIN_NEEDED",
    ]);
    expect(codeOf(await owner().delete("/api/v1/accounts/owner"))).toEqual([409, "LAST_ADMIN"]);
  });

  it("knows of no login of an account that is made anew under a name that was deleted", async () => {
    await login(browser(), "viewer", house.logins.viewer.password).expect(200);
    const viewer = async () => {
      const { body } = await owner().get("/api/v1/accounts").expect(200);
      return (body as { accounts: AccountView[] }).accounts.find(({ id }) => id === "viewer");
    };
    expect(await viewer()).toHaveProperty("lastLoginAt");
    await owner().delete("/api/v1/accounts/viewer").expect(204);
    const made = { id: "viewer", name: "Another", role: "viewer" };
    await owner().post("/api/v1/accounts").send(made).expect(201);
    const after = await viewer();
    expect(after).toMatchObject({ name: "Another" });
    expect(after).not.toHaveProperty("lastLoginAt");
  });

  it("lets an admin leave, whose login ends with it, and notes that it was himself", async () => {
    const password = "a long enough one";
    await owner().post("/api/v1/accounts").send({ id: "second", name: "Second", role: "admin", password }).expect(201);
    const second = browser();
    await login(second, "second", password).expect(200);
    await second.delete("/api/v1/accounts/second").expect(204);
    await second.get("/api/v1/me").expect(401);
    const { events } = (await owner().get("/api/v1/events?audit=true")).body as EventsPage;
    expect(events.find(({ type }) => type === "account-removed")).toMatchObject({
      audit: true,
      text: "Second may log in no more.",
      actor: "second",
      subject: { kind: "account", id: "second" },
    });
  });

  it("takes no cookie for a change that comes without an Origin, nor with a foreign one", async () => {
    const cookie = `skein_session_${house.port}=${house.logins.viewer.session}`;
    const patch = (headers: object) =>
      request(house.url)
        .patch("/api/v1/accounts/viewer")
        .set({ cookie, ...headers })
        .send({ name: "Me" });
    expect(codeOf(await patch({}))).toEqual([401, "LOGIN_NEEDED"]);
    expect(codeOf(await patch({ origin: "http://evil.example" }))).toEqual([403, "ORIGIN_REFUSED"]);
    await patch({ origin: house.url }).expect(200);
  });

  it("shows an admin what others let in by tokens, and lets him take it away", async () => {
    const viewer = request.agent(house.url).set(bearer(house.logins.viewer));
    const theirs = async (id: string) => {
      const { body } = await owner().get(`/api/v1/accounts/${id}/tokens`).expect(200);
      return (body as { tokens: TokenView[] }).tokens;
    };
    const [token] = await theirs("viewer");
    expect(token).toMatchObject({ account: "viewer", name: "for tests" });
    expect(token).not.toHaveProperty("digest");
    expect(codeOf(await owner().get("/api/v1/accounts/nobody/tokens"))).toEqual([404, "ACCOUNT_UNKNOWN"]);
    await viewer.get("/api/v1/me").expect(200);
    await owner().delete(`/api/v1/tokens/${token?.id}`).expect(204);
    expect(await theirs("viewer")).toEqual([]);
    await viewer.get("/api/v1/me").expect(401);
    expect((await theirs("owner")).map(({ account }) => account)).toEqual(["owner"]);
  });

  it("gives a token its scopes and not one more, shows it once, and ends it when told", async () => {
    const made = await owner()
      .post("/api/v1/tokens")
      .send({ name: "phone", scopes: ["read"] })
      .expect(201);
    const { token, view, qrSvg } = made.body as { token: string; view: { id: string }; qrSvg: string };
    // For a phone's camera: it opens the page.
    expect(qrSvg).toBe(await toString(`${house.url}/#token=${token}`, { type: "svg", margin: 2 }));
    const phone = request.agent(house.url).set({ authorization: `Bearer ${token}` });
    await phone.get("/api/v1/followers").expect(200);
    expect(codeOf(await phone.post("/api/v1/followers/x/maintenance").send({}))).toEqual([403, "SCOPE_MISSING"]);
    // It cannot make itself more.
    for (const scopes of [["read"], ["admin"]])
      expect(codeOf(await phone.post("/api/v1/tokens").send({ name: "more", scopes }))).toEqual([403, "SCOPE_MISSING"]);
    expect(codeOf(await phone.patch("/api/v1/accounts/owner").send({ name: "Me" }))).toEqual([403, "SCOPE_MISSING"]);
    const list = JSON.stringify((await owner().get("/api/v1/tokens").expect(200)).body);
    expect(list).toContain("phone");
    expect(list).not.toContain(token);
    await owner().delete(`/api/v1/tokens/${view.id}`).expect(204);
    await phone.get("/api/v1/followers").expect(401);
  });

  it("lets nobody change what is not his, and a viewer see no accounts", async () => {
    const viewer = request.agent(house.url).set(bearer(house.logins.viewer));
    expect(codeOf(await viewer.get("/api/v1/accounts"))).toEqual([403, "ACCESS_DENIED"]);
    for (const change of [{ role: "admin" }, { resident: "anna" }])
      expect(codeOf(await viewer.patch("/api/v1/accounts/viewer").send(change))).toEqual([403, "ACCESS_DENIED"]);
    expect(codeOf(await viewer.patch("/api/v1/accounts/owner").send({ name: "X" }))).toEqual([403, "ACCESS_DENIED"]);
    expect(codeOf(await viewer.put("/api/v1/accounts/owner/password").send({ new: "a long enough one" }))).toEqual([
      403,
      "ACCESS_DENIED",
    ]);
    // One that is not there is refused alike: nobody finds out which are.
    for (const id of ["owner", "not-there"]) {
      const path = `/api/v1/accounts/${id}`;
      const answers = [
        await viewer.get(path),
        await viewer.patch(path).set("if-match", '"x"').send({ name: "X" }),
        await viewer.patch(path).send({ name: "X" }),
        await viewer.put(`${path}/password`).send({ new: "a long enough one" }),
        await viewer.delete(path),
      ];
      expect(answers.map(codeOf)).toEqual(answers.map(() => [403, "ACCESS_DENIED"]));
    }
    expect((await viewer.patch("/api/v1/accounts/viewer").send({ language: "de" }).expect(200)).body).toMatchObject({
      language: "de",
    });
    // And back to what the browser says.
    const { body } = await viewer.patch("/api/v1/accounts/viewer").send({ language: null }).expect(200);
    expect(body).not.toHaveProperty("language");
    expect(codeOf(await viewer.post("/api/v1/tokens").send({ name: "x", scopes: ["design"] }))).toEqual([
      403,
      "ACCESS_DENIED",
    ]);
  });

  it("notes of an account what was changed, and nothing of what stayed", async () => {
    const patch = (change: object) => owner().patch("/api/v1/accounts/viewer").send(change).expect(200);
    await patch({ role: "viewer", resident: "anna" });
    await patch({ role: "operator", resident: "anna" });
    await patch({ resident: null });
    const { body } = await owner().get("/api/v1/events?type=account-changed").expect(200);
    const { name } = (await owner().get("/api/v1/accounts/viewer")).body as { name: string };
    expect((body as EventsPage).events.map(({ text }) => text)).toEqual([
      "The account viewer is now that of nobody.",
      `${name} is now operator.`,
      "The account viewer is now that of a resident.",
    ]);
  });

  it("survives 10,000 wrong logins from one address while the owner logs in from another", async () => {
    const { account, password } = house.owner;
    const wrong = async () => codeOf(await login(browser(), account, "wrong password"));
    for (let n = 0; n < 5; n++) expect(await wrong()).toEqual([401, "LOGIN_WRONG"]);
    // Each further one is refused before a password is looked at, the right one too.
    const answers: (number | undefined)[] = [];
    const keepAlive = new Agent({ keepAlive: true });
    const hammer = async () => {
      for (let n = 0; n < 1250; n++) answers.push(await loginFrom("127.0.0.1", account, `wrong ${n}`, keepAlive));
    };
    const hammering = Promise.all(Array.from({ length: 8 }, hammer));
    await eventually(() => expect(answers.length).toBeGreaterThan(0));
    expect(await loginFrom("127.0.0.2", account, password)).toBe(200);
    await hammering;
    keepAlive.destroy();
    expect(answers).toHaveLength(10_000);
    // One may be looked at whenever a wait is over, and waits double: 10 s, 20 s, ...
    expect(answers.filter((status) => status !== 429).length).toBeLessThan(6);
    expect(codeOf(await login(browser(), account, password))).toEqual([429, "LOGIN_THROTTLED"]);
  });
});

/** The status for a login whose connection comes from another of this machine's addresses. */
function loginFrom(
  localAddress: string,
  account: string,
  password: string,
  agent?: Agent,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ account, password });
    const headers = { "content-type": "application/json", "content-length": body.length };
    const asked = httpRequest(
      `${house.url}/api/v1/login`,
      { method: "POST", localAddress, headers, ...(agent && { agent }) },
      (answer) => answer.resume().once("end", () => resolve(answer.statusCode)),
    );
    asked.once("error", reject).end(body);
  });
}

it("starts a house whose sessions cannot be read, tells of it, and lets its people log in anew", async () => {
  house = await coreOnMemory({ prepare: (dir) => writeFileSync(join(dir, "core", "sessions.json"), "{") });
  const page = browser();
  expect(
    (await page.get("/api/v1/me").set("cookie", `skein_session_${house.port}=${house.owner.session}`)).status,
  ).toBe(401);
  await login(page, "owner", house.owner.password).expect(200);
  await eventually(async () =>
    expect((await page.get("/api/v1/events?type=sessions-lost")).body).toMatchObject({
      events: [{ severity: "warning", text: expect.stringMatching(/core\/sessions\.json\.damaged-\w+\.$/) }],
    }),
  );
});
