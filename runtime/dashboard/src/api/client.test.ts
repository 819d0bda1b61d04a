import { createApi } from "./client";

const answer = (status: number, body: unknown, type = "application/json") =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers: { "content-type": type } });

function create(respond: (path: string, init: RequestInit) => Response | Error) {
  let needed = 0;
  const asked: [string, RequestInit][] = [];
  const api = createApi({
    fetch: async (path, init = {}) => {
      asked.push([path as string, init]);
      const response = respond(path as string, init);
      if (response instanceof Error) throw response;
      return response;
    },
    onLoginNeeded: () => (needed += 1),
  });
  return { api, asked, needed: () => needed };
}

it("sends JSON and takes the one list of an answer", async () => {
  const { api, asked } = create(() => answer(200, { accounts: [{ id: "a" }] }));
  expect(await api.list("accounts")).toEqual([{ id: "a" }]);
  await api.post("rooms", { name: "Hall" });
  expect(asked.map(([path, { method, body }]) => [path, method, body])).toEqual([
    ["./api/v1/accounts", "GET", undefined],
    ["./api/v1/rooms", "POST", '{"name":"Hall"}'],
  ]);
});

it("sends no body, and says so, where there is none", async () => {
  const { api, asked } = create(() => new Response(null, { status: 204 }));
  expect(await api.post("logout")).toBeUndefined();
  expect(asked[0]?.[1].body).toBeUndefined();
  expect(asked[0]?.[1].headers).not.toHaveProperty("content-type");
});

it.each([
  [
    "a refusal",
    answer(409, { code: "LAST_ADMIN", detail: "the last one." }),
    { status: 409, code: "LAST_ADMIN", message: "the last one." },
  ],
  ["a proxy's error page", answer(502, "<h1>Bad gateway</h1>", "text/html"), { status: 502, code: "HTTP_502" }],
  ["no answer", new TypeError("fetch failed"), { status: 0, code: "LEADER_NO_ANSWER", message: "fetch failed" }],
])("tells of %s by its code", async (_what, response, expected) => {
  const { api } = create(() => response);
  await expect(api.get("care")).rejects.toMatchObject(expected);
});

it("says that a login is needed, and does not mistake a wrong password for that", async () => {
  const wrong = create(() => answer(401, { code: "LOGIN_WRONG", detail: "wrong." }));
  await expect(wrong.api.post("login", {})).rejects.toMatchObject({ code: "LOGIN_WRONG" });
  expect(wrong.needed()).toBe(0);
  const out = create(() => answer(401, { code: "LOGIN_NEEDED", detail: "log in." }));
  await expect(out.api.get("care")).rejects.toMatchObject({ code: "LOGIN_NEEDED" });
  expect(out.needed()).toBe(1);
  // Who asks that asks just this.
  await expect(out.api.get("me")).rejects.toMatchObject({ code: "LOGIN_NEEDED" });
  expect(out.needed()).toBe(1);
});
