import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { startLeader, type Leader } from "../support/leader";

/** HTTP-in nodes under /hooks/, as programs call them: core hands the request to the flow host and the answer back. */
describe("a flow's own route", () => {
  let leader: Leader;
  beforeAll(async () => {
    leader = await startLeader({
      prepare: (dataDir) => {
        mkdirSync(join(dataDir, "flows"), { recursive: true });
        writeFileSync(join(dataDir, "flows", "flows.json"), JSON.stringify(FLOW));
      },
    });
  }, 60_000);
  afterAll(() => leader?.stop());

  const FLOW = [
    { id: "tab", type: "tab", label: "hooks" },
    { id: "in", type: "http in", z: "tab", url: "/light", method: "post", wires: [["out"]] },
    { id: "out", type: "http response", z: "tab", wires: [] },
  ];
  /** `agent: false` says "Connection: close", as most scripts do. */
  const post = (agent?: false) =>
    new Promise<string>((resolve, reject) => {
      const headers = { "content-type": "application/json" };
      const asking = request(`${leader.url}/hooks/light`, { method: "POST", headers, agent }, (res) => {
        let body = "";
        res.on("data", (chunk: Buffer) => (body += chunk.toString()));
        res.on("end", () => resolve(`${res.statusCode} ${res.headers.connection} ${body}`));
      });
      asking.on("error", reject);
      asking.end('{"on":true}');
    });

  it("is answered each time, also on a connection for one request", async () => {
    const answers = new Map<string, number>();
    for (let n = 0; n < 100; n++) {
      const answer = await post(false);
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
    expect([...answers]).toEqual([['200 close {"on":true}', 100]]);
    expect(await post()).toBe('200 keep-alive {"on":true}');
  });
});
