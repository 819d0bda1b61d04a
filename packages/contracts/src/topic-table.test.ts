import { messages } from "./messages";
import { topicTable } from "./topic-table";

describe("The topic table", () => {
  const lines = topicTable().trimEnd().split("\n");

  it("has a heading and a row for each message", () => {
    expect(lines.slice(0, 2)).toEqual(["| topic | writer | kind | what |", "| --- | --- | --- | --- |"]);
    expect(lines.slice(2).map((line) => /^\| `([^`]+)` \|/.exec(line)?.[1])).toEqual(
      Object.values(messages).map(({ pattern }) => pattern),
    );
  });

  it("says who writes, of which kind, and what for", () => {
    expect(lines).toContain(
      "| `leader/verdicts/{id}` | leader core | state | what the leader believes of a follower, since when, why |",
    );
  });

  it("has four cells in each row, whatever a text bears", () => {
    for (const line of lines) expect(line.split(/(?<!\\)\|/)).toHaveLength(6);
  });
});
