/**
 * Two boards join a real leader with codes, from network namespaces of the test's own: the house is open to that network, its bus by
 * TLS alone. One board is removed and cannot come back, the other lives on.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { logInOnce } from "@skein/bus";
import { loadSettings } from "@skein/kit";
import type { JoinCodeView, RegistryView } from "@skein/contracts";
import { agentSettings } from "../../follower-agents/src/config";
import { startAgentProcess, type StartedAgent } from "../support/agent-bundle";
import { makeCertificates } from "../support/certificates";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";
import { createNetwork, noNetworkBecause, type TestNetwork } from "../support/network";
import { tempDir, type TempDir } from "../support/temp-dir";

const AGENT = join(__dirname, "../../follower-agents/dist/agent.js");
const [describeHere, why] = noNetworkBecause ? [describe.skip, ` (skipped: ${noNetworkBecause})`] : [describe, ""];

describeHere(`Two boards that join by code${why}`, () => {
  let dir: TempDir;
  const agents: StartedAgent[] = [];
  let net: TestNetwork;
  let leader: Leader;
  let ca: string;

  beforeAll(async () => {
    dir = tempDir("skein-joining-");
    net = createNetwork(2);
    const certificates = makeCertificates(dir.path, net.address);
    ca = certificates.ca;
    const { caFile, certFile, keyFile } = certificates;
    leader = await startLeader({
      settings: {
        http: { host: net.address },
        bus: { host: net.address, listenTls: { cert: certFile, key: keyFile, ca: caFile, port: 0 } },
      },
    });
  }, 90_000);
  afterAll(async () => {
    for (const { child } of agents) child.kill("SIGKILL");
    await Promise.all(agents.map(({ exit }) => exit));
    await leader?.stop();
    net?.close();
    dir?.remove();
  });

  const makeCode = async (wish: object): Promise<JoinCodeView> => {
    const answer = await leader.fetch("/api/v1/join-codes", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(wish),
    });
    expect(answer.status).toBe(201);
    return (await answer.json()) as JoinCodeView;
  };
  const boardsFolder = (board: number) => dir.join(`board-${board}`);
  const start = (board: number, ...args: string[]): StartedAgent => {
    const started = startAgentProcess(AGENT, args, "/usr/bin/node", net.on(board));
    agents.push(started);
    return started;
  };
  const joinWith = (board: number, code: string, ...more: string[]) => {
    mkdirSync(boardsFolder(board), { recursive: true });
    const to = ["--leader", `http://${net.address}:${leader.port}`, "--dir", boardsFolder(board)];
    return start(board, "join", code, ...to, ...more);
  };
  const end = async (board: StartedAgent) => {
    board.child.kill("SIGTERM");
    return board.exit;
  };
  const alive = (id: string, after = 0) =>
    eventually(async () => {
      const { verdict } = await leader.follower(id);
      expect(verdict.state).toBe("alive");
      expect(verdict.since).toBeGreaterThan(after);
      return verdict;
    }, 20_000);
  const remove = (id: string) => leader.fetch(`/api/v1/followers/${id}`, { method: "DELETE" });

  it("a code that is wrong brings nobody in, and says so", async () => {
    const stranger = joinWith(0, "ZZZZ-ZZZZ");
    expect(await stranger.exit).toMatchObject({ code: 1 });
    expect(stranger.output()).toMatch(/^JOIN_CODE_WRONG: .*letter by letter/m);
  });

  it("each gets what it needs, and one that is removed is cut off and cannot come back while the other lives on", async () => {
    const room = await leader.fetch("/api/v1/rooms", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "Yard" }),
    });
    expect(room.status).toBe(201);
    const [garage, attic] = await Promise.all([
      makeCode({ id: "garage", name: "The garage", room: "yard" }),
      makeCode({ id: "attic" }),
    ]);
    const [first] = [joinWith(0, garage.code), joinWith(1, attic.code.toLowerCase().replace("-", " "))];
    const [, before] = [await alive("garage"), await alive("attic")];
    expect((await leader.follower("garage")).name).toBe("The garage");
    const { places } = (await (await leader.fetch("/api/v1/registry")).json()) as RegistryView;
    expect(places).toContainEqual({ kind: "follower", id: "garage", room: "yard", name: "The garage" });

    expect((await remove("garage")).status).toBe(204);
    await eventually(() => expect(first.output()).toContain("does not let this follower in"));
    expect((await leader.fetch("/api/v1/followers/garage")).status).toBe(404);

    // Neither its agent, started anew with the same file, nor the same login by hand.
    await end(first);
    const file = join(boardsFolder(0), "follower.yaml");
    const { bus } = loadSettings(agentSettings, file);
    expect(bus).toMatchObject({ url: expect.stringMatching(/^mqtts:/), username: "garage" });
    const { url, username = "", password = "" } = bus;
    expect(await logInOnce({ url, username, password, clientId: "skein-garage", tls: { ca } })).toBe("refused");
    const again = start(0, "--config", file);
    await eventually(() => expect(again.output()).toContain("does not let this follower in"));
    expect((await leader.fetch("/api/v1/followers/garage")).status).toBe(404);
    await end(again);
    const { state, since } = (await leader.follower("attic")).verdict;
    expect([state, since]).toEqual(["alive", before.since]);
  });

  it("the code that it came with is used, and a new one lets it in again", async () => {
    const used = await makeCode({ id: "garage" });
    const second = joinWith(0, used.code, "--replace");
    const { since } = await alive("garage");
    await end(second);
    const late = joinWith(0, used.code, "--replace");
    expect(await late.exit).toMatchObject({ code: 1 });
    expect(late.output()).toMatch(/^JOIN_CODE_OVER: /m);
    // Nothing was written over: what it has still works.
    start(0, "--config", join(boardsFolder(0), "follower.yaml"));
    await alive("garage", since);
  });
});
