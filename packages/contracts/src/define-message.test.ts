import { z } from "zod";
import { type AnyMessage, defineMessage, isFollowerId } from "./define-message";
import { messageOfTopic, messages } from "./messages";

const reply = defineMessage({
  topic: "followers/{id}/replies/{issuer}",
  kind: "event",
  writer: "follower",
  what: "a test",
  schema: z.object({ n: z.number() }),
});

describe("a message", () => {
  it("makes topics, filters and reads ids back", () => {
    expect(reply.topic({ id: "cv-1", issuer: "leader" })).toBe("skein/v1/followers/cv-1/replies/leader");
    expect(reply.filter({ issuer: "leader" })).toBe("skein/v1/followers/+/replies/leader");
    expect(reply.match("skein/v1/followers/cv-1/replies/leader")).toEqual({ id: "cv-1", issuer: "leader" });
  });

  it.each`
    id                | because
    ${"a/b"}          | ${"a slash would add a level"}
    ${"+"}            | ${"a wildcard would reach others"}
    ${""}             | ${"nothing is no level"}
    ${"Cv-1"}         | ${"capitals are not in ids"}
    ${"a".repeat(64)} | ${"64 characters are too many"}
  `("refuses the id $id: $because", ({ id }) => {
    expect(() => reply.topic({ id, issuer: "leader" })).toThrow(TypeError);
    expect(() => reply.filter({ id })).toThrow(TypeError);
  });

  it("does not match other topics", () => {
    for (const topic of [
      "skein/v1/followers/cv-1/replies",
      "skein/v1/followers/cv-1/birth/leader",
      "skein/v2/followers/cv-1/replies/leader",
      "skein/v1/followers/C V/replies/x",
    ]) {
      expect(reply.match(topic)).toBeUndefined();
    }
  });

  it("takes wrong parameters as compile errors", () => {
    // @ts-expect-error -- there is no parameter "idd"
    expect(() => reply.topic({ idd: "cv-1", issuer: "leader" })).toThrow(TypeError);
    // @ts-expect-error -- leader/status takes no ids
    expect(messages.leaderStatus.topic({ id: "x" })).toBe("skein/v1/leader/status");
    // @ts-expect-error -- the issuer is missing
    expect(() => reply.topic({ id: "cv-1" })).toThrow(TypeError);
  });
});

describe("a follower's topic", () => {
  it("is nobody's who is called leader or flows", () => {
    expect(() => messages.birth.topic({ id: "leader" })).toThrow(TypeError);
    expect(messages.birth.match("skein/v1/followers/flows/birth")).toBeUndefined();
    expect(messages.verdict.topic({ id: "flows" })).toBe("skein/v1/leader/verdicts/flows");
  });
});

describe("the house's messages", () => {
  it("have topics that nobody else's pattern matches", () => {
    for (const [name, message] of Object.entries<AnyMessage>(messages)) {
      const topic = message.topic({ id: "x", issuer: "x", target: "x", host: "x", name: "x", hash: "x", channel: "1" });
      const matching = Object.entries(messages).filter(([, other]) => other.match(topic));
      expect(matching.map(([other]) => other)).toEqual([name]);
      expect(messageOfTopic(topic)?.name).toBe(name);
    }
  });

  it("let no follower be called leader or flows", () => {
    expect(["leader", "flows", "cv-1"].map(isFollowerId)).toEqual([false, false, true]);
  });
});
