/** The doors to the flow host over real HTTP: who is let to the editor and to a flow's route, and what of their request gets there. */
import { createServer, request, type IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import type { Role } from "@skein/contracts";
import { bearer, type TestLogin } from "../testing/owner";
import { coreOnMemory, type CoreOnMemory } from "../testing/core-on-memory";
import { isSession, withoutSessions } from "./vouch";

const ROLES: Role[] = ["viewer", "operator", "designer", "admin"];
let house: CoreOnMemory;
// What core itself asks of the flow host: which flows there are.
const adminApi = createServer((_req, res) => res.end('{"rev":"1","flows":[]}'));
beforeAll(async () => {
  house = await coreOnMemory({ accounts: ROLES });
  adminApi.listen(join(house.dir, "flow-host.sock"));
});
afterAll(async () => {
  adminApi.close();
  await house?.stop();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}
function ask(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port: house.port, path, headers, method, agent: false });
    asked.on("error", reject);
    asked.on(
      "upgrade",
      (answer, socket) => (socket.destroy(), resolve({ status: 101, headers: answer.headers, text: "" })),
    );
    asked.on("response", (answer) => {
      let text = "";
      answer.on("data", (part: Buffer) => (text += part.toString()));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    asked.end();
  });
}
const session = ({ session: value }: TestLogin) => ({
  cookie: `skein_session_${house.port}=${value}`,
  origin: house.url,
});
const codeOf = ({ status, text }: Answer) =>
  text.startsWith("{") ? (JSON.parse(text) as { code: string }).code : status;
const upgrade = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};
const api = (path: string, method: string, body?: object) =>
  fetch(`${house.url}/api/v1${path}`, {
    method,
    headers: { ...bearer(house.owner), "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
const token = async (login: TestLogin, scopes: string[]) => {
  const made = await fetch(`${house.url}/api/v1/tokens`, {
    method: "POST",
    headers: { ...bearer(login), "content-type": "application/json" },
    body: JSON.stringify({ name: "a device", scopes }),
  });
  return ((await made.json()) as { token: string }).token;
};

describe("the editor", () => {
  it("opens for designers and admins, by session and by token, its socket too", async () => {
    for (const role of ["designer", "admin"] as const)
      for (const headers of [session(house.logins[role]), bearer(house.logins[role])]) {
        expect(await ask("/editor/flows", headers)).toMatchObject({
          status: 200,
          text: "flow host got GET /editor/flows",
        });
        expect(await ask("/editor/comms", { ...headers, ...upgrade })).toMatchObject({ status: 418 });
      }
  });

  it("opens for nobody else, nor does its socket", async () => {
    for (const role of ["viewer", "operator"] as const) {
      expect(codeOf(await ask("/editor/flows", session(house.logins[role])))).toBe("ACCESS_DENIED");
      expect(await ask("/editor/comms", { ...session(house.logins[role]), ...upgrade })).toMatchObject({ status: 403 });
    }
    expect(await ask("/editor/comms", upgrade)).toMatchObject({ status: 401 });
    expect(await ask("/editor/flows")).toMatchObject({ status: 401, headers: { "www-authenticate": "Bearer" } });
  });

  it("sends a browser to the login, and tells who is logged in that they may not", async () => {
    const page = { accept: "text/html,*/*" };
    expect(await ask("/editor/", page)).toMatchObject({ status: 302, headers: { location: "/#login" } });
    const told = await ask("/editor/", { ...page, ...session(house.logins.viewer) });
    expect([told.status, told.text]).toEqual([403, expect.stringContaining("The editor is for designers")]);
  });
});

describe("a flow's route", () => {
  it("needs an operator's session or a token for hooks", async () => {
    expect(await ask("/hooks/light")).toMatchObject({ status: 401 });
    expect(await ask("/hooks/light", session(house.logins.operator))).toMatchObject({ status: 200 });
    expect(codeOf(await ask("/hooks/light", session(house.logins.viewer)))).toBe("ACCESS_DENIED");
    const hooks = await token(house.logins.operator, ["hooks"]);
    const read = await token(house.logins.operator, ["read", "operate"]);
    expect(await ask("/hooks/light", { authorization: `Bearer ${hooks}` }, "POST")).toMatchObject({ status: 200 });
    expect(codeOf(await ask("/hooks/light", { authorization: `Bearer ${read}` }))).toBe("SCOPE_MISSING");
    expect(await ask("/hooks/socket", { authorization: `Bearer ${hooks}`, ...upgrade })).toMatchObject({ status: 418 });
    expect(await ask("/hooks/socket", upgrade)).toMatchObject({ status: 401 });
    // A key for one door.
    const designers = await token(house.logins.designer, ["hooks"]);
    expect(codeOf(await ask("/editor/flows", { authorization: `Bearer ${designers}` }))).toBe("SCOPE_MISSING");
  });

  it("takes a token in the address when it is good for nothing else, and keeps it from the flow", async () => {
    const hooks = await token(house.logins.operator, ["hooks"]);
    const got = await ask(`/hooks/light?a=1&token=${hooks}&b=%20?`);
    expect(got).toMatchObject({ status: 200, text: "flow host got GET /hooks/light?a=1&b=%20?" });
    expect(await ask(`/hooks/light?token=${hooks}`)).toMatchObject({ text: "flow host got GET /hooks/light" });
    const wide = await token(house.logins.operator, ["hooks", "operate"]);
    expect(codeOf(await ask(`/hooks/light?token=${wide}`))).toBe("TOKEN_TOO_WIDE");
    expect(codeOf(await ask("/hooks/light?token=skein_wrong"))).toBe("LOGIN_NEEDED");
    expect(codeOf(await ask(`/api/v1/followers?token=${hooks}`))).toBe("LOGIN_NEEDED");
  });

  it("is opened one by one, for its method and path alone, and closed again", async () => {
    expect((await api("/hooks", "PUT", { method: "get", path: "/bell/:door" })).status).toBe(200);
    expect(await ask("/hooks/bell/front")).toMatchObject({ status: 200 });
    expect(await ask("/hooks/bell/front?token=mine")).toMatchObject({
      text: "flow host got GET /hooks/bell/front?token=mine",
    });
    const wide = await token(house.logins.operator, ["hooks", "operate"]);
    expect(codeOf(await ask(`/hooks/bell/front?token=${wide}`))).toBe("TOKEN_TOO_WIDE");
    const others = ["/hooks/bell", "/hooks/bell/front/x", "/hooks/light"];
    for (const path of others) expect([path, (await ask(path)).status]).toEqual([path, 401]);
    expect(await ask("/hooks/bell/front", {}, "POST")).toMatchObject({ status: 401 });
    for (const odd of [
      "/hooks/bell//front",
      "/hooks/bell/..",
      "/hooks//bell/front",
      "/hooks/bell/%2e%2e%2flight",
      "/hooks/bell/a%5cb",
    ])
      expect([odd, codeOf(await ask(odd))]).toEqual([odd, "HOOK_PATH_INVALID"]);
    expect(codeOf(await ask("/hooks/bell//front", bearer(house.owner)))).toBe("HOOK_PATH_INVALID");
    expect((await api("/hooks?method=get&path=/bell/:door", "DELETE")).status).toBe(204);
    expect(await ask("/hooks/bell/front")).toMatchObject({ status: 401 });
  });

  it("cannot be opened when it is not plain, nor by an operator", async () => {
    const answer = await api("/hooks", "PUT", { method: "get", path: "/a*" });
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: "HOOK_INVALID" })]);
    const asOperator = await fetch(`${house.url}/api/v1/hooks?method=get&path=/a`, {
      method: "DELETE",
      headers: bearer(house.logins.operator),
    });
    expect(asOperator.status).toBe(403);
  });
});

it("takes sessions, whosever they are, out of what a flow sees and sets", () => {
  expect(withoutSessions("a=1; skein_session_1880=x; b=2;skein_session=y")).toBe("a=1; b=2");
  expect(withoutSessions("skein_session_1880=x")).toBeUndefined();
  expect(withoutSessions(undefined)).toBeUndefined();
  expect([isSession("skein_session_1880=x; Path=/"), isSession("mine=skein_session")]).toEqual([true, false]);
});
