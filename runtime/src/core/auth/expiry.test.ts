/** What time does to logins: tokens and links end when they said so, sessions after a month unused and a year in all, and a restart brings none back. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createIds, FakeClock, seededRandom } from "@skein/kit";
import { eventually } from "../../../../test/support/eventually";
import { tempDir, type TempDir } from "../../../../test/support/temp-dir";
import { loginLinks } from "./login-links";
import { openSessions } from "./sessions";
import { openTokens } from "./tokens";

const DAY_MS = 86_400_000;
const from = { address: "127.0.0.1", agent: "a test" };
let dir: TempDir;
let clock: FakeClock;
beforeEach(() => {
  dir = tempDir();
  clock = new FakeClock();
});
afterEach(() => dir.remove());
const parts = () => ({ clock, random: seededRandom(1), ids: createIds(clock, seededRandom(2)) });
const sessions = () => openSessions(dir.join("sessions.json"), parts());
const tokens = () => openTokens(dir.join("tokens.json"), parts());

it("takes a token for what it is until its last day is over", async () => {
  const { token, view } = await tokens().create({ account: "owner", name: "phone", scopes: ["read"], days: 2 });
  const opened = tokens();
  expect(view.expiresAt).toBe(clock.now() + 2 * DAY_MS);
  clock.stepWall(2 * DAY_MS - 1);
  expect(opened.find(token)).toMatchObject({ account: "owner", scopes: ["read"] });
  clock.stepWall(1);
  expect(opened.find(token)).toBeUndefined();
  expect(tokens().find(token)).toBeUndefined();
});

it("forgets a session that is not used for a month, and keeps one that is", async () => {
  const opened = sessions();
  const { secret: idle } = await opened.begin("owner", from);
  const { secret: used } = await opened.begin("owner", from);
  clock.stepWall(29 * DAY_MS);
  expect(opened.find(used)).toBeDefined();
  clock.stepWall(2 * DAY_MS);
  expect([opened.find(idle), opened.find(used)?.account]).toEqual([undefined, "owner"]);
  expect(opened.of("owner")).toHaveLength(1);
});

it("takes no look at a login for a use of it", async () => {
  const [opened, known] = [sessions(), tokens()];
  const { secret, session } = await opened.begin("owner", from);
  const { token } = await known.create({ account: "owner", name: "phone", scopes: ["read"] });
  clock.stepWall(29 * DAY_MS);
  expect(opened.find(secret, { noted: false })).toEqual(session);
  expect(known.find(token, { noted: false })).toMatchObject({ account: "owner" });
  expect([opened.of("owner"), known.of("owner")]).toMatchObject([
    [{ lastSeenAt: session.createdAt }],
    [expect.not.objectContaining({ lastUsedAt: expect.anything() as unknown })],
  ]);
  clock.stepWall(2 * DAY_MS);
  expect(opened.find(secret)).toBeUndefined();
});

it("ends a session after a year, however much it is used", async () => {
  const opened = sessions();
  const { secret } = await opened.begin("owner", from);
  for (let days = 0; days < 364; days += 14) {
    clock.stepWall(14 * DAY_MS);
    expect([days, opened.find(secret)?.account]).toEqual([days, "owner"]);
  }
  clock.stepWall(DAY_MS);
  expect(opened.find(secret)).toBeUndefined();
});

it("knows after a restart when a session and a token were last used, though at first it could not be written down", async () => {
  const [opened, known] = [sessions(), tokens()];
  const { secret } = await opened.begin("owner", from);
  const { token } = await known.create({ account: "owner", name: "phone", scopes: ["read"] });
  clock.stepWall(20 * DAY_MS);
  dir.remove();
  writeFileSync(dir.path, "no folder");
  expect([opened.find(secret)?.account, known.find(token)?.account]).toEqual(["owner", "owner"]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(statSync(dir.path).isFile()).toBe(true);
  dir.remove();
  await eventually(() => {
    opened.find(secret);
    known.find(token);
    expect([sessions().of("owner"), tokens().of("owner")]).toMatchObject([
      [{ lastSeenAt: clock.now() }],
      [{ lastUsedAt: clock.now() }],
    ]);
  });
  clock.stepWall(20 * DAY_MS);
  expect(sessions().find(secret)).toBeDefined();
});

it("puts sessions that cannot be read aside, and begins anew", async () => {
  writeFileSync(dir.join("sessions.json"), '{"sessions": [');
  const opened = sessions();
  expect(opened.putAside).toMatch(/sessions\.json\.damaged-\d{8}T\d{6}Z$/);
  expect(readFileSync(opened.putAside ?? "", "utf8")).toBe('{"sessions": [');
  const { secret } = await opened.begin("owner", from);
  const again = sessions();
  expect([again.putAside, again.find(secret)?.account]).toEqual([undefined, "owner"]);
});

it("keeps a session in memory that cannot be written, until it can or it is ended", async () => {
  const opened = sessions();
  const { secret: written } = await opened.begin("owner", from);
  dir.remove();
  writeFileSync(dir.path, "no folder");
  const [kept, ended] = [await opened.begin("owner", from), await opened.begin("owner", from)];
  expect([opened.find(kept.secret)?.id, opened.of("owner").length]).toEqual([kept.session.id, 3]);
  await opened.end(({ id }) => id === ended.session.id);
  expect(opened.find(ended.secret)).toBeUndefined();
  // This one would be back after a restart: whoever ends it must know.
  await expect(opened.end(({ id }) => id !== kept.session.id)).rejects.toMatchObject({ code: "DOCUMENT_UNWRITABLE" });
  dir.remove();
  await eventually(() => {
    opened.find(kept.secret);
    expect([kept.secret, ended.secret, written].map((secret) => sessions().find(secret)?.id)).toEqual([
      kept.session.id,
      undefined,
      expect.any(String),
    ]);
  });
});

it("lets a few sessions of each account be begun on a full disk too, and not more", async () => {
  const opened = sessions();
  dir.remove();
  writeFileSync(dir.path, "no folder");
  for (let n = 0; n < 60; n++) await opened.begin("owner", from);
  expect(opened.of("owner")).toHaveLength(50);
});

it("ends a command's session by itself, keeps it in no file, and ends nobody else's for it", async () => {
  const opened = sessions();
  for (let n = 0; n < 50; n++) await opened.begin("owner", from);
  const [ended, left] = [opened.beginCommand("owner", from), opened.beginCommand("owner", from)];
  expect(opened.of("owner")).toHaveLength(52);
  expect(sessions().of("owner")).toHaveLength(50);
  await opened.end(({ id }) => id === ended.session.id);
  expect([ended, left].map(({ secret }) => opened.find(secret)?.id)).toEqual([undefined, left.session.id]);
  clock.stepWall(15 * 60_000);
  expect(opened.find(left.secret)).toBeUndefined();
  expect(opened.of("owner")).toHaveLength(50);
});

it("takes a link until its time is over", async () => {
  const links = loginLinks(dir.join("links"), parts());
  const [early, late] = [await links.make(60_000, "anna"), await links.make(60_000, "bo")];
  clock.stepWall(59_999);
  expect(await links.use(early)).toMatchObject({ account: "anna" });
  clock.stepWall(1);
  expect(await links.use(late)).toBeUndefined();
});
