/** Who told a follower what is noted, whatever came of it. */
import type { NewEvent } from "@skein/contracts";
import { SkeinError } from "@skein/kit";
import { commandRoutes } from "./command-routes";

const anna = { id: "anna", name: "Anna", role: "operator" };
const actor = { by: "session", account: anna, scopes: ["operate"], address: "10.0.0.7" };

/** What is told when the bus answers so. */
async function told(request: unknown): Promise<NewEvent[]> {
  const events: NewEvent[] = [];
  const [route] = commandRoutes({
    bus: { request: request as never },
    fleet: { get: () => ({}) as never },
    events: { add: (event) => void events.push(event) },
  });
  const call = { actor, params: { id: "attic" }, body: { action: "restart" } };
  await Promise.resolve(route?.handle(call as never)).catch(() => {});
  return events;
}

it.each([
  ["done", () => Promise.resolve({ ok: true }), { ok: true, answered: true }],
  ["refused", () => Promise.resolve({ ok: false, code: "X", message: "no." }), { ok: false, answered: true }],
  [
    "not answered",
    () => Promise.reject(new SkeinError("REQUEST_TIMEOUT", "no answer.")),
    { ok: false, answered: false },
  ],
])("notes a command that was %s", async (what, answer, data) => {
  expect(await told(answer)).toMatchObject([
    {
      type: "follower-command",
      audit: true,
      text: `"restart" was ${what} by attic.`,
      data,
      actor: "anna",
      address: "10.0.0.7",
    },
  ]);
});

it("notes nothing of a command that was not sent", async () => {
  expect(await told(() => Promise.reject(new SkeinError("BUS_DOWN", "no link.")))).toEqual([]);
});
