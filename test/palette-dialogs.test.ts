/** What the dialogs of our nodes mark as wrong, asked of their editor halves as the editor asks. */
import { join } from "node:path";
import { readPalettePackage, type EditorDefinition } from "../packages/palette/src/testing/palette-package";

describe("the editor", () => {
  const halves = new Map<string, EditorDefinition | undefined>();
  beforeAll(async () => {
    for (const name of ["bus", "heartbeat-monitor"]) {
      const { nodes } = await readPalettePackage(join(__dirname, "../nodes", name));
      for (const { type, editor } of nodes) halves.set(type, editor);
    }
  });

  const free = (topic: unknown) => ({ message: "", topic, topicType: "str" });
  const id = (id: unknown) => ({ message: "heartbeat", ids: { id } });
  const typed = (value: string, type = "str") => ({ message: "flowEvent", ids: { name: { value, type } } });
  it.each`
    type                         | saved                                   | valid
    ${"skein-heartbeat-monitor"} | ${{ followers: [] }}                    | ${true}
    ${"skein-heartbeat-monitor"} | ${{ followers: ["attic", "*-1"] }}      | ${true}
    ${"skein-heartbeat-monitor"} | ${{ followers: ["a", "${MANY}"] }}      | ${true}
    ${"skein-heartbeat-monitor"} | ${{ followers: "attic, hub" }}          | ${true}
    ${"skein-heartbeat-monitor"} | ${{ followers: null }}                  | ${true}
    ${"skein-heartbeat-monitor"} | ${{ followers: ["Attic"] }}             | ${false}
    ${"skein-heartbeat-monitor"} | ${{ followers: ["a", "../x"] }}         | ${false}
    ${"skein-heartbeat-monitor"} | ${{ followers: ["-x*"] }}               | ${false}
    ${"skein-in"}                | ${id("attic, cv-*, ${MORE}")}           | ${true}
    ${"skein-in"}                | ${id("Bad Id!")}                        | ${false}
    ${"skein-in"}                | ${{ ...id("Bad Id!"), ...free("a") }}   | ${true}
    ${"skein-in"}                | ${free("a/+/#")}                        | ${true}
    ${"skein-in"}                | ${free("${TOPIC}")}                     | ${true}
    ${"skein-in"}                | ${free("a/#/b")}                        | ${false}
    ${"skein-in"}                | ${free("")}                             | ${false}
    ${"skein-in"}                | ${{ message: "heartbeat", topic: "" }}  | ${true}
    ${"skein-out"}               | ${typed("door")}                        | ${true}
    ${"skein-out"}               | ${typed("${DOOR}")}                     | ${true}
    ${"skein-out"}               | ${typed("The door", "msg")}             | ${true}
    ${"skein-out"}               | ${typed("The door")}                    | ${false}
    ${"skein-out"}               | ${free("")}                             | ${true}
    ${"skein-out"}               | ${free("lamps/1/set")}                  | ${true}
    ${"skein-out"}               | ${free("lamps/+/set")}                  | ${false}
    ${"skein-out"}               | ${{ ...free("a/+"), topicType: "msg" }} | ${true}
  `("finds $saved of $type valid: $valid", ({ type, saved, valid }) => {
    const defaults = halves.get(type as string)?.defaults ?? {};
    const values = Object.fromEntries(Object.entries(defaults).map(([key, { value }]) => [key, value]));
    const node = { ...values, ...(saved as object), _: (key: string) => `text ${key}` } as Record<string, unknown>;
    const verdicts = Object.entries(defaults).map(([key, { validate }]) => {
      const verdict = validate?.call(node, node[key], {}) ?? true;
      // Node-RED takes the words for what is wrong only from a function of two parameters; any other it takes as a yes.
      return typeof verdict === "string" ? validate?.length !== 2 : verdict;
    });
    expect(verdicts.every((verdict) => verdict)).toBe(valid);
  });
});
