import { readCommandLine } from "./command-line";

const options = { port: { type: "string" }, "data-dir": { type: "string" }, demo: { type: "boolean" } } as const;
const read = (...argv: string[]) => ({ ...readCommandLine(argv, options).values });

describe("a command line", () => {
  it.each`
    argv                               | values
    ${[]}                              | ${{}}
    ${["--port", "1", "--demo"]}       | ${{ port: "1", demo: true }}
    ${["--port=1", "--port", "2"]}     | ${{ port: "2" }}
    ${["--port", "-1"]}                | ${{ port: "-1" }}
    ${["--data-dir=--odd", "--port="]} | ${{ "data-dir": "--odd", port: "" }}
  `("$argv", ({ argv, values }: { argv: string[]; values: object }) => {
    expect(read(...argv)).toEqual(values);
  });

  it.each`
    argv                          | said
    ${["--prot", "1"]}            | ${"there is no option --prot. Did you mean --port?"}
    ${["--prot=1"]}               | ${"there is no option --prot. Did you mean --port?"}
    ${["--toString"]}             | ${"there is no option --toString. --help lists what there is."}
    ${["-x"]}                     | ${"there is no option -x. --help lists what there is."}
    ${["--port"]}                 | ${"--port needs a value. --help lists what there is."}
    ${["--data-dir", "--port=1"]} | ${"--data-dir needs a value. --help lists what there is."}
    ${["--demo=yes"]}             | ${"--demo takes no value. --help lists what there is."}
    ${["extra"]}                  | ${'"extra" is no option. --help lists what there is.'}
  `("$argv is refused", ({ argv, said }: { argv: string[]; said: string | RegExp }) => {
    expect(() => read(...argv)).toThrow(
      expect.objectContaining({
        code: "OPTION_INVALID",
        message: typeof said === "string" ? said : expect.stringMatching(said),
      }),
    );
  });

  it("may have words, and a hint of its own", () => {
    expect(readCommandLine(["a", "--demo", "b"], options, { words: true }).positionals).toEqual(["a", "b"]);
    expect(() => readCommandLine(["--port"], options, { hint: "Usage: x" })).toThrow("--port needs a value. Usage: x");
  });
});
