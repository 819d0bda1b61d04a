import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSettings } from "@skein/kit";
import { agentSettings } from "../follower-agents/src/config";
import { leaderSettings } from "../runtime/src/settings";

const text = readFileSync(join(__dirname, "../docs/settings.md"), "utf8");
const examples = [...text.matchAll(/^```yaml (leader|follower)\n([\s\S]*?)^```/gm)].map(([, of, yaml], index) => ({
  number: index + 1,
  of: of ?? "",
  yaml: yaml ?? "",
}));
const env = {
  SKEIN_BUS_PASSWORD: "p",
  SKEIN_FLOW_HOST_PASSWORD: "q",
  SKEIN_FOLLOWER_PASSWORD: "r",
  SKEIN_NTFY_TOKEN: "t",
  SKEIN_MAIL_PASSWORD: "m",
};

describe("docs/settings.md", () => {
  it("has examples of both", () => {
    expect(new Set(examples.map(({ of }) => of))).toEqual(new Set(["leader", "follower"]));
  });

  it.each(examples)("has an example for a $of that can be used as it is (number $number)", ({ of, yaml }) => {
    const schema = of === "leader" ? leaderSettings : agentSettings;
    expect(() => parseSettings(schema, yaml, "the example", env)).not.toThrow();
  });
});
