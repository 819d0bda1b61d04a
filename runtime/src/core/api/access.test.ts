/** docs/access.md, asked of a real core: every row as every role by session and by token, as nobody, and from a foreign page. */
import { request as httpRequest } from "node:http";
import { ROLES, scopeOfRole, scopesOpen, type Role, type Scope } from "@skein/contracts";
import { io } from "socket.io-client";
import { coreOnMemory, type CoreOnMemory } from "../testing/core-on-memory";
import type { TestLogin } from "../testing/owner";
import { accessTable, mayRole, type AccessRow } from "./access-table";

let house: CoreOnMemory;
beforeAll(async () => (house = await coreOnMemory({ accounts: ROLES })));
afterAll(() => house?.stop());

const rows = accessTable("1.2.3");
const asked = rows.filter(({ kind }) => kind !== "order");
/** Ends the very session that the others are asked with. */
const LOGOUT = "POST /api/v1/logout";

/** The code of a refusal for who is asking; undefined: it went past the door, whatever came of it behind. */
function refusal(what: string, headers: Record<string, string>): Promise<string | undefined> {
  const [verb = "GET", pattern = "/"] = what.split(" ");
  const upgrade = verb === "UPGRADE";
  const method = upgrade ? "GET" : verb;
  const path = pattern.replaceAll(/\{\w+\}/g, "no-such-thing");
  const body = ["POST", "PUT", "PATCH"].includes(method) ? "{" : undefined;
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${house.url}${path}`, {
      method,
      agent: false,
      headers: {
        ...headers,
        // Half an object: whoever gets past the door is told so, and nothing is done.
        ...(body !== undefined && { "content-type": "application/json", "content-length": body.length }),
        ...(upgrade && {
          connection: "Upgrade",
          upgrade: "websocket",
          "sec-websocket-version": "13",
          "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        }),
      },
    });
    sent.once("error", reject);
    sent.once("response", (answer) => {
      const { statusCode = 0 } = answer;
      let text = "";
      answer.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        // A stream goes on for ever.
        if (statusCode < 300) sent.destroy();
      });
      answer.once("close", () => {
        const code = /"code":"([A-Z_]+)"/.exec(text)?.[1];
        // No door at all, or one that fell in, is no "yes".
        if (statusCode === 500 || code === "ROUTE_UNKNOWN" || code === "METHOD_NOT_ALLOWED")
          return resolve(`${statusCode} ${code ?? text}`);
        if (statusCode !== 401 && statusCode !== 403) return resolve(undefined);
        // A refused upgrade has words alone.
        const words = Object.entries(WORDS).find(([, said]) => said.test(text))?.[0];
        resolve(code ?? words ?? text);
      });
    });
    sent.end(body);
  });
}
const WORDS = {
  LOGIN_NEEDED: /^log in first/,
  ACCESS_DENIED: /^this needs the role/,
  SCOPE_MISSING: /^this token has no scope/,
  ORIGIN_REFUSED: /^a page from elsewhere/,
};
const session = ({ session: value }: TestLogin) => ({
  cookie: `skein_session_${house.port}=${value}`,
  origin: house.url,
});
const token = ({ token: value }: TestLogin) => ({ authorization: `Bearer ${value}` });
/** A token of the owner's for this alone. */
async function tokenOf(scope: Scope): Promise<string> {
  const made = await fetch(`${house.url}/api/v1/tokens`, {
    method: "POST",
    headers: { ...token(house.owner), "content-type": "application/json" },
    body: JSON.stringify({ name: scope, scopes: [scope] }),
  });
  return ((await made.json()) as { token: string }).token;
}
/** Public doors judge what is brought to them; what they refuse is no matter of roles. */
const OWN_JUDGEMENT = ["LOGIN_WRONG", "LINK_USED", "JOIN_CODE_WRONG"];

/** Only the resident's own account may, or the account itself, and an admin; the one that is asked for is nobody's. */
const isOnesOwn = (what: string): boolean =>
  what.endsWith("/residents/{id}/data") || what === "GET /api/v1/accounts/{id}";
const expected = (role: Role | "nobody", { access, what }: AccessRow): string | undefined =>
  mayRole(role, isOnesOwn(what) && role !== "nobody" ? "admin" : access)
    ? undefined
    : role === "nobody"
      ? "LOGIN_NEEDED"
      : "ACCESS_DENIED";
const found = async (what: string, headers: Record<string, string>) => {
  const code = await refusal(what, headers);
  return code !== undefined && OWN_JUDGEMENT.includes(code) ? undefined : code;
};

it("has every row of the API once", () => {
  expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
  expect(rows.length).toBeGreaterThan(60);
});

it.each([...ROLES, "nobody"] as const)("answers each row to %s as the table says", async (role) => {
  const table: Record<string, unknown> = {};
  const real: Record<string, unknown> = {};
  for (const row of asked) {
    const ways = role === "nobody" ? [{}] : [session(house.logins[role]), token(house.logins[role])];
    for (const [index, headers] of ways.entries()) {
      if (row.what === LOGOUT && index === 0 && role !== "nobody") continue;
      const key = `${row.what} by ${index === 0 ? "session" : "token"}`;
      table[key] = expected(role, row);
      real[key] = await found(row.what, headers);
    }
  }
  expect(real).toEqual(table);
});

it("lets nobody do anything from a foreign page, whose cookies he has", async () => {
  const codes: Record<string, unknown> = {};
  for (const { what } of asked) {
    const code = await refusal(what, { ...session(house.owner), origin: "http://evil.example" });
    if (code !== "ORIGIN_REFUSED") codes[what] = code;
  }
  expect(codes).toEqual({});
});

it("lets a token do what its scope opens and nothing else", async () => {
  const scopes: Scope[] = ["read", "operate", "routines", "hooks", "metrics"];
  const table: Record<string, unknown> = {};
  const real: Record<string, unknown> = {};
  for (const scope of scopes) {
    const value = await tokenOf(scope);
    for (const row of asked) {
      const key = `${scope}: ${row.what}`;
      const opens = row.access === "public" || scopesOpen([scope], row.scopes ?? [scopeOfRole[row.access]]);
      // None of these scopes is an admin's, whoever made the token.
      table[key] = !opens ? "SCOPE_MISSING" : isOnesOwn(row.what) ? "ACCESS_DENIED" : undefined;
      real[key] = await found(row.what, { authorization: `Bearer ${value}` });
    }
  }
  expect(real).toEqual(table);
});

describe("the page's socket", () => {
  const connected = (headers: Record<string, string>) =>
    new Promise<{ socket: ReturnType<typeof io>; error?: string }>((resolve) => {
      const socket = io(house.url, {
        path: "/io",
        transports: ["websocket"],
        extraHeaders: headers,
        reconnection: false,
        forceNew: true,
      });
      socket.once("connect", () => resolve({ socket }));
      socket.once("connect_error", (error) => {
        socket.disconnect();
        resolve({ socket, error: (error as { data?: { code: string } }).data?.code ?? "REFUSED" });
      });
    });

  it("lets nobody in who is not logged in, nor a foreign page", async () => {
    expect((await connected({})).error).toBe("LOGIN_NEEDED");
    const foreign = { ...session(house.owner), origin: "http://evil.example" };
    expect((await connected(foreign)).error).toBe("REFUSED");
  });

  it("obeys a token as far as its scope goes", async () => {
    const orders = rows.filter(({ what }) => /^socket: \w/.test(what));
    for (const scope of ["read", "operate", "metrics"] as const) {
      const { socket, error } = await connected({ authorization: `Bearer ${await tokenOf(scope)}` });
      expect([scope, error]).toEqual([scope, scope === "metrics" ? "SCOPE_MISSING" : undefined]);
      for (const { what } of error === undefined ? orders : []) {
        const { code } = (await socket.emitWithAck(what.slice("socket: ".length), "?")) as { code: string };
        expect([scope, what, code === "SCOPE_MISSING"]).toEqual([scope, what, scope === "read"]);
      }
      socket.disconnect();
    }
  });

  it.each(ROLES)("obeys a %s as the table says", async (role) => {
    const { socket, error } = await connected(session(house.logins[role]));
    expect(error).toBeUndefined();
    const real: Record<string, unknown> = {};
    const table: Record<string, unknown> = {};
    for (const row of rows.filter(({ what }) => /^socket: \w/.test(what))) {
      const { code } = (await socket.emitWithAck(row.what.slice("socket: ".length), "?")) as { code: string };
      // What is behind the door takes no "?".
      real[row.what] = ["REQUEST_INVALID", "FOLLOWER_UNKNOWN"].includes(code) ? "obeyed" : code;
      table[row.what] = mayRole(role, row.access) ? "obeyed" : "ACCESS_DENIED";
    }
    socket.disconnect();
    expect(real).toEqual(table);
  });
});
