import { z } from "zod";
import { loadSettings, parseSettings } from "./settings";

const schema = z.strictObject({
  house: z.strictObject({ name: z.string().default("Home") }).prefault({}),
  http: z.strictObject({ port: z.int().min(0).max(65_535).default(1880) }).prefault({}),
  password: z.string().optional(),
});

const parse = (text: string, env = {}) => parseSettings(schema, text, "skein.yaml", env);

describe("settings", () => {
  it("are the defaults when the file is empty", () => {
    expect(parse("")).toEqual({ house: { name: "Home" }, http: { port: 1880 } });
  });

  it.each`
    text                        | because                                   | message
    ${"http:\n  prot: 1"}       | ${"an unknown key names the nearest one"} | ${'skein.yaml: unknown key "http.prot"; did you mean "http.port"?'}
    ${"hose: {}"}               | ${"also at the top"}                      | ${'skein.yaml: unknown key "hose"; did you mean "house"?'}
    ${"http:\n  port: 70000"}   | ${"a number out of range says where"}     | ${"skein.yaml: http.port: must be at most 65535."}
    ${"http: [1"}               | ${"broken YAML is said to be that"}       | ${/^skein\.yaml is no YAML: /}
    ${"password: ${SECRET:-x}"} | ${"a variable has no other form"}         | ${'skein.yaml: password: after "${" a name and "}" must come. ${NAME} is taken from the environment; there is no other form, and no default.'}
    ${"http: { port: '${A' }"}  | ${"nor half of one"}                      | ${/^skein.yaml: http.port: after/}
    ${"password: ${SECRET}"}    | ${"a variable that is not set is named"}  | ${"skein.yaml uses ${SECRET}, which is not set in the environment."}
    ${"- a\n- b"}               | ${"a list is no settings"}                | ${"skein.yaml: must be an object, with a value for each key."}
  `("$because", ({ text, message }) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: typeof message === "string" ? message : expect.stringMatching(message),
      }),
    );
  });

  it("take secrets from the environment", () => {
    expect(parse("password: a$b{c}${X}-${Y}", { X: "1", Y: "${Z}" }).password).toBe("a$b{c}1-${Z}");
    expect(parse("password: ${SECRET}", { SECRET: "s3" }).password).toBe("s3");
  });

  it("name a file that cannot be read", () => {
    expect(() => loadSettings(schema, "/nowhere/skein.yaml")).toThrow(
      expect.objectContaining({ code: "CONFIG_UNREADABLE" }),
    );
  });
});
