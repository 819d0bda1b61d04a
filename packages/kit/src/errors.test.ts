import { runInNewContext } from "node:vm";
import { hasCode, messageOf, SkeinError } from "./errors";

describe("errors", () => {
  it("bear their code as an own property, and their hint after the sentence", () => {
    const error = new SkeinError("DISK_FULL", "The disk is full.", { hint: "Free some space." });
    expect(Object.keys(error)).toContain("code");
    expect(error.message).toBe("The disk is full. Free some space.");
  });

  it("are told from other things, also when they come from another realm", () => {
    const foreign: unknown = runInNewContext(`Object.assign(new Error("gone"), { code: "ENOENT" })`);
    expect([hasCode(foreign), hasCode(foreign, "ENOENT"), hasCode(foreign, "EACCES")]).toEqual([true, true, false]);
    expect([messageOf(foreign), messageOf("text"), hasCode({ code: "ENOENT" })]).toEqual(["gone", "text", false]);
  });
});
