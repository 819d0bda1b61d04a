/** From a phone's shortcut through a flow to somebody's phone and back: a real leader, and an ntfy server that records what it gets. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NoticeView, RoutineView } from "@skein/contracts";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";
import { recordingServer, type RecordingServer } from "../support/recording-server";

const at = { z: "tab", x: 100, y: 100 };
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3];
/** A routine asks with a picture and buttons; what is pressed is told by a second notice, so that the test hears of it. */
const FLOW = [
  { id: "tab", type: "tab", label: "who is at the door?" },
  { id: "bus", type: "skein-bus", mode: "leader" },
  { id: "bell", type: "skein-routine", bus: "bus", name: "Door bell", icon: "bell", wires: [["words"]], ...at },
  {
    id: "words",
    type: "function",
    func: `msg.guest = msg.payload.who; msg.picture = Buffer.from(${JSON.stringify(PNG)}); msg.payload = msg.guest + " rings."; return msg;`,
    outputs: 1,
    wires: [["ask"]],
    ...at,
  },
  {
    id: "ask",
    type: "skein-notify",
    bus: "bus",
    severity: "warning",
    buttons: { open: "Open", ignore: "Ignore" },
    wires: [[], ["heard"]],
    ...at,
  },
  {
    id: "heard",
    type: "function",
    func: 'return { payload: msg.payload + " for " + msg.guest + ", by " + msg.notice.by };',
    outputs: 1,
    wires: [["tell"]],
    ...at,
  },
  { id: "tell", type: "skein-notify", bus: "bus", wires: [[], []], ...at },
];

describe("a routine, a notice with buttons, and the answer", () => {
  let leader: Leader;
  let ntfy: RecordingServer;
  const json = async <T>(path: string, init?: RequestInit): Promise<T> => {
    const response = await leader.fetch(`/api/v1${path}`, {
      ...init,
      headers: { "content-type": "application/json", ...(init?.headers as Record<string, string> | undefined) },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const post = <T>(path: string, body: object) => json<T>(path, { method: "POST", body: JSON.stringify(body) });
  const notices = async () => (await json<{ notices: NoticeView[] }>("/notices")).notices;
  const saying = (text: string) =>
    eventually(async () => {
      const found = (await notices()).find((notice) => notice.text === text);
      if (!found) throw new Error(`nobody says "${text}": ${JSON.stringify(await notices())}`);
      return found;
    });
  const open = () =>
    eventually(async () =>
      expect((await json<{ routines: RoutineView[] }>("/routines")).routines).toEqual([
        { id: "door-bell", name: "Door bell", icon: "bell", host: "flow-host", available: true },
      ]),
    );

  beforeAll(async () => {
    ntfy = await recordingServer();
    leader = await startLeader({
      settings: {
        notices: { pageUrl: "http://127.0.0.1:1", ntfy: { url: ntfy.url, topic: "house", least: "warning" } },
      },
      prepare: (dataDir) => {
        mkdirSync(join(dataDir, "flows"), { recursive: true });
        writeFileSync(join(dataDir, "flows", "flows.json"), JSON.stringify(FLOW));
      },
    });
  }, 90_000);
  afterAll(async () => {
    await leader?.stop();
    await ntfy?.close();
  });

  it("goes from a request to the flow, to the page and to ntfy with its picture, and back by a button on the page", async () => {
    await open();
    expect(await post("/routines/door-bell", { who: "Ann" })).toEqual({ started: true });
    const asked = await saying("Ann rings.");
    expect(asked).toMatchObject({ severity: "warning", hasPicture: true });
    const picture = await leader.fetch(`/api/v1/notices/${asked.id}/picture`);
    expect([picture.headers.get("content-type"), [...new Uint8Array(await picture.arrayBuffer())]]).toEqual([
      "image/png",
      PNG,
    ]);
    await eventually(() => expect(ntfy.requests).toMatchObject([{ method: "PUT", body: Buffer.from(PNG) }]));
    expect(await post(`/notices/${asked.id}/answer`, { action: "open" })).toMatchObject({
      answered: { action: "open", by: "owner" },
    });
    await saying("open for Ann, by owner");
  });

  it("comes back by a button on the phone, without a login, also after core was killed and the flow host started again", async () => {
    await post("/routines/door-bell", { who: "Bob" });
    const { id } = await saying("Bob rings.");
    const sent = await eventually(() => {
      const found = ntfy.requests.find(({ headers }) => headers["message"] === "Bob rings.");
      if (!found) throw new Error("ntfy has not got it yet");
      return found;
    });
    const [, ignore] = JSON.parse(String(sent.headers["actions"])) as { url: string; body: string }[];
    await leader.restart("core");
    const before = leader.pid("flowHost");
    // Node-RED writes its context at a stop, and else every 10 s.
    leader.signal("flowHost", "SIGTERM");
    await eventually(() => expect(leader.pid("flowHost")).not.toBe(before));
    await leader.ready();
    await open();
    const press = () =>
      fetch(`${leader.url}${new URL(ignore?.url ?? "").pathname}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: ignore?.body ?? "",
      });
    await eventually(async () => expect((await press()).status).toBe(200));
    const told = await eventually(async () => {
      const found = (await notices()).find(({ text }) => /^ignore for .*, by ntfy$/.test(text));
      if (!found) throw new Error("the flow has not told yet");
      return found;
    });
    // What the message that asked bore was kept on the flow host's disk.
    expect(told.text).toBe("ignore for Bob, by ntfy");
    expect((await press()).status).toBe(409);
    expect((await notices()).find((notice) => notice.id === id)?.answered).toMatchObject({ action: "ignore" });
  });

  it("is refused to whoever has no login", async () => {
    for (const path of ["/routines/door-bell", "/notices/x/answer"]) {
      const response = await fetch(`${leader.url}/api/v1${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
      });
      expect([path, response.status]).toEqual([path, 401]);
    }
  });
});
