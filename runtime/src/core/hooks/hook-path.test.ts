import { createRequire } from "node:module";
import { hookMethodOf, hookPath, isPlain, opens } from "./hook-path";

/** What express 4, which Node-RED brings, finds: the judge of what is opened here. */
const express4 = createRequire(createRequire(__filename).resolve("node-red"))("express") as () => {
  get(path: string, handler: (req: unknown, res: { end(): void }) => void): void;
  handle(req: object, res: object, next: () => void): void;
};
function expressFinds(pattern: string, path: string): boolean {
  const app = express4();
  let found = false;
  app.get(pattern, (_req, res) => ((found = true), res.end()));
  app.handle({ method: "GET", url: path, headers: {} }, { setHeader() {}, end() {} }, () => {});
  return found;
}

describe("the path of a request below /hooks", () => {
  it.each`
    url                     | path             | because
    ${"/hooks/light"}       | ${"/light"}      | ${"it is plain"}
    ${"/hooks/light/?on=1"} | ${"/light/"}     | ${"the query is not of it"}
    ${"/hooks"}             | ${"/"}           | ${"of the root itself"}
    ${"/hooks?x=//"}        | ${"/"}           | ${"slashes in the query are nobody's"}
    ${"/hooks/K%C3%BCche"}  | ${"/K%C3%BCche"} | ${"other encodings stay as they are"}
    ${"/hooks/a%2fb"}       | ${undefined}     | ${"an encoded slash"}
    ${"/hooks/a%5Cb"}       | ${undefined}     | ${"an encoded backslash"}
    ${"/hooks/%2e%2E/x"}    | ${undefined}     | ${"encoded dots"}
    ${"/hooks/../editor"}   | ${undefined}     | ${"dot segments"}
    ${"/hooks/a/./b"}       | ${undefined}     | ${"a dot segment"}
    ${"/hooks/a/.."}        | ${undefined}     | ${"a dot segment at the end"}
    ${"/hooks//light"}      | ${undefined}     | ${"two slashes"}
    ${"/hooks/a\\b"}        | ${undefined}     | ${"a backslash"}
    ${"/hooks/a%00"}        | ${undefined}     | ${"a NUL"}
    ${"/hooks/%"}           | ${undefined}     | ${"half an encoding"}
    ${"/hooks/ü"}           | ${undefined}     | ${"what should be encoded"}
    ${"/hooksx"}            | ${undefined}     | ${"it only begins like ours"}
  `("$url is $path: $because", ({ url, path }) => expect(hookPath(url)).toBe(path));
});

describe("what is open", () => {
  const PATTERNS = [
    "/light",
    "/light/:room",
    "/light/:room/on",
    "/:any",
    "/a.b",
    "/a-b_c~",
    "/K%C3%BCche",
    "/",
    "/Light/",
  ];
  const PATHS = [
    "/light",
    "/LIGHT",
    "/light/",
    "/lights",
    "/light/attic",
    "/light/attic/",
    "/light/attic/on",
    "/light/attic/off",
    "/axb",
    "/a.b",
    "/a-b_c~",
    "/K%C3%BCche",
    "/k%c3%bcche",
    "/",
    "/light/a.b",
    "/light/%20",
  ];
  it("is what express 4 would serve, for every plain pattern and path", () => {
    const table = PATTERNS.flatMap((pattern) => PATHS.map((path) => [pattern, path] as const));
    const ours = table.filter(([path, asked]) => opens({ method: "get", path }, "get", asked));
    const express = table.filter(([pattern, asked]) => expressFinds(pattern, asked));
    expect(ours).toEqual(express);
    expect(ours.length).toBeGreaterThan(20);
  });

  it("is open for its method alone; HEAD is answered by GET, and a WebSocket is its own", () => {
    const light = { method: "post", path: "/light" } as const;
    const open = (method: string, isUpgrade = false) => opens(light, hookMethodOf(method, isUpgrade), "/light");
    expect([open("POST"), open("GET"), open("HEAD"), open("OPTIONS"), open("POST", true)]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(hookMethodOf("HEAD", false)).toBe("get");
    expect(hookMethodOf("GET", true)).toBe("ws");
  });

  it.each(["/a*", "/a?", "/(.*)", "/a+", "/:a?", "/:a-:b", "/a:b", "/:", "/a/../b", "//a", "/:a.json", "/:a(\\d+)"])(
    "cannot be %s: its meaning is express's own",
    (pattern) => {
      expect(isPlain(pattern)).toBe(false);
      expect(opens({ method: "get", path: pattern }, "get", "/abc")).toBe(false);
    },
  );
});
