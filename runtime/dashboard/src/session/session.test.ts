import type { MeView } from "@skein/contracts";
import { ApiError } from "../api/api-error";
import type { Api } from "../api/client";
import { createSession } from "./session";

const me = (id: string, role: MeView["account"]["role"] = "admin", hasPassword = true): MeView => ({
  account: { id, name: id, role, hasPassword, createdAt: 0 },
  by: "session",
  scopes: [],
});
const needed = new ApiError(401, "LOGIN_NEEDED", "log in first.");
const away = new ApiError(0, "LEADER_NO_ANSWER", "no answer");

/** A leader that answers from a list, each once. */
function create(answers: (MeView | ApiError)[], remembered?: MeView) {
  let left = 0;
  const answer = async () => {
    const next = answers.shift();
    if (next instanceof ApiError) throw next;
    return next;
  };
  const session = createSession({
    api: () => ({ get: answer, post: answer }) as unknown as Api,
    remembered,
    left: () => (left += 1),
  });
  return { session, left: () => left };
}

/** A leader that answers when it is told to: the questions in the order in which they came. */
function slow() {
  const answers: ((answer: MeView | ApiError) => void)[] = [];
  const later = () =>
    new Promise((resolve, reject) => {
      answers.push((answer) => (answer instanceof ApiError ? reject(answer) : resolve(answer)));
    });
  const session = createSession({ api: () => ({ get: later, post: later }) as unknown as Api, left: () => {} });
  return { session, answers };
}

describe("who uses the page", () => {
  it("is in when the leader knows, and may do what the role may", async () => {
    const { session } = create([me("ada", "operator")]);
    expect(session.standing.value).toBe("asking");
    await session.ask();
    expect(session.standing.value).toBe("in");
    expect([session.may("viewer"), session.may("operator"), session.may("designer")]).toEqual([true, true, false]);
  });

  it("must log in when the leader does not know, and what was told before is forgotten", async () => {
    const { session, left } = create([needed], me("ada"));
    await session.ask();
    expect([session.standing.value, session.me.value, left()]).toEqual(["out", undefined, 1]);
  });

  it("is who it was while the leader is away", async () => {
    const { session, left } = create([away], me("ada"));
    await session.ask();
    expect([session.standing.value, session.me.value?.account.id, left()]).toEqual(["away", "ada", 0]);
  });

  it("does not go out when one question gets no answer", async () => {
    const { session } = create([me("ada"), away]);
    await session.ask();
    await session.ask();
    expect(session.standing.value).toBe("in");
  });

  it("stays in when an older question is answered with no after a login", async () => {
    const { session, answers } = slow();
    const asked = session.ask();
    const login = session.login("ada", "secret");
    answers[1]?.(me("ada"));
    await login;
    answers[0]?.(needed);
    await new Promise((resolve) => setImmediate(resolve));
    expect(session.standing.value).toBe("in");
    answers[2]?.(me("ada", "viewer"));
    await asked;
    expect([session.standing.value, session.may("operator")]).toEqual(["in", false]);
  });

  it("is who the newest question says, in whichever order they are answered", async () => {
    const { session, answers } = slow();
    const older = session.ask();
    const newer = session.ask();
    answers[1]?.(me("ada", "viewer"));
    await newer;
    answers[0]?.(me("ada", "admin"));
    await older;
    expect([session.standing.value, session.may("operator")]).toEqual(["in", false]);
  });

  it("ends what goes with the login before it logs out, and logs out whatever becomes of it", async () => {
    const asked: string[] = [];
    const session = createSession({
      api: () => ({ post: async (path: string) => void asked.push(path) }) as unknown as Api,
      leaving: async () => {
        asked.push("leaving");
        throw away;
      },
      left: () => asked.push("left"),
    });
    await session.logout();
    expect([asked, session.standing.value]).toEqual([["leaving", "logout", "left"], "out"]);
  });

  it("logs out without what does not come to an end", async () => {
    jest.useFakeTimers();
    try {
      const asked: string[] = [];
      const session = createSession({
        api: () => ({ post: async (path: string) => void asked.push(path) }) as unknown as Api,
        leaving: () => new Promise(() => {}),
        left: () => {},
      });
      const out = session.logout();
      await jest.advanceTimersByTimeAsync(3_000);
      await out;
      expect([asked, session.standing.value]).toEqual([["logout"], "out"]);
    } finally {
      jest.useRealTimers();
    }
  });

  it("forgets what another account was told", async () => {
    const { session, left } = create([me("ben")], me("ada"));
    await session.login("ben", "secret");
    expect([session.me.value?.account.id, left()]).toEqual(["ben", 1]);
  });

  it("chooses name and password after the set-up link, and not after a link for somebody who has one", async () => {
    const first = create([me("owner", "admin", false)]).session;
    await first.setUp("token");
    expect(first.fresh.value).toBe(true);
    const second = create([me("owner")]).session;
    await second.setUp("token");
    expect([second.fresh.value, second.standing.value]).toEqual([false, "in"]);
  });

  it("keeps why a link was refused, unless this browser is in anyway", async () => {
    const used = new ApiError(401, "LINK_USED", "used");
    const out = create([used, needed]).session;
    await out.setUp("token");
    expect([out.standing.value, out.refused.value]).toEqual(["out", used]);
    const twice = create([used, me("owner")]).session;
    await twice.setUp("token");
    expect([twice.standing.value, twice.refused.value]).toEqual(["in", undefined]);
  });
});
