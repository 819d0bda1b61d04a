import { agentCommand, flowState, heartbeat } from "@skein/contracts";
import type { Bus } from "./index";

/**
 * A wrong topic parameter or payload must not compile. tsconfig.test.json checks this file: where a line below would compile,
 * `@ts-expect-error` itself is the error. None of it runs.
 */
export async function doesNotCompile(bus: Bus): Promise<void> {
  const beat = { bootId: "b", nextInMs: 5000, capabilities: { health: "ok" as const } };
  await bus.publish(heartbeat, { id: "attic" }, beat);

  // @ts-expect-error the topic has no parameter of this name
  await bus.publish(heartbeat, { follower: "attic" }, beat);
  // @ts-expect-error a parameter is missing
  await bus.publish(heartbeat, {}, beat);
  // @ts-expect-error a field is missing
  await bus.publish(heartbeat, { id: "attic" }, { bootId: "b", nextInMs: 5000 });
  // @ts-expect-error a field is of another type
  await bus.publish(heartbeat, { id: "attic" }, { ...beat, nextInMs: "5000" });
  // @ts-expect-error a value that the contract does not know
  await bus.publish(heartbeat, { id: "attic" }, { ...beat, capabilities: { health: "fine" } });
  // @ts-expect-error functions are no JSON
  await bus.publish(flowState, { host: "h", name: "n" }, () => 1);

  // @ts-expect-error no such parameter to filter by
  await bus.subscribe(heartbeat, { name: "attic" }, () => undefined);
  // @ts-expect-error what is received has no such field
  await bus.subscribe(heartbeat, {}, ({ data }) => data.nextMs);
  // @ts-expect-error nor is there such an id in its topic
  await bus.subscribe(heartbeat, {}, ({ ids }) => ids.host);

  await bus.request(agentCommand, { target: "attic" }, { action: "ping" });
  // @ts-expect-error the issuer is ourselves and is not given
  await bus.request(agentCommand, { target: "attic", issuer: "leader" }, { action: "ping" });
  // @ts-expect-error no such action
  await bus.request(agentCommand, { target: "attic" }, { action: "self-destruct" });
  // @ts-expect-error its fields belong to another action
  await bus.request(agentCommand, { target: "attic" }, { action: "ping", level: "info" });
}

test("is checked by the compiler, in tsconfig.test.json", () => {
  expect(doesNotCompile).toBeInstanceOf(Function);
});
