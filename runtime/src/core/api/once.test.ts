/** What is kept of answers when a resident is forgotten: others' programs may still ask for theirs again. */
import { silentLogger, systemClock } from "@skein/kit";
import { tempDir, type TempDir } from "../../../../test/support/temp-dir";
import { createOnce, type Once, type OnceCall } from "./once";

let dir: TempDir;
let once: Once;
beforeEach(() => {
  dir = tempDir("skein-once-");
  once = createOnce({ file: dir.join("idempotency.json"), clock: systemClock, logger: silentLogger });
});
afterEach(() => dir.remove());

/** @returns what is answered: "done anew" when nothing is known of the key any more */
async function ask(account: string, key: string, first?: string): Promise<unknown> {
  const call = {
    actor: { by: "token", account: { id: account }, scopes: [], address: "" },
    route: {},
    req: { headers: { "idempotency-key": key }, method: "POST", originalUrl: "/x" },
  } as unknown as OnceCall;
  const answer = await once.carryOut(call, () => Promise.resolve({ status: 200, body: first ?? "done anew" }));
  return "body" in answer ? answer.body : answer;
}

it("forgets with a resident what their accounts were answered and what tells of them, and nothing else", async () => {
  await ask("annas", "own", JSON.stringify({ room: "hall" }));
  await ask("bos", "by-id", JSON.stringify({ id: "anna-1" }));
  await ask("bos", "by-name", JSON.stringify({ name: 'Änne "A"' }));
  const other = JSON.stringify({ room: "hall", name: "Bo" });
  await ask("bos", "other", other);
  await once.unsign((account) => account === "annas", ["anna-1", 'änne "a"']);
  expect(await ask("bos", "other")).toBe(other);
  expect(await ask("annas", "own")).toBe("done anew");
  for (const key of ["by-id", "by-name"])
    await expect(ask("bos", key)).rejects.toMatchObject({ code: expect.stringMatching(/^IDEMPOTENCY_/) });
});
