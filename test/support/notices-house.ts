/** A core on a memory bus that tells notices to the page and to an ntfy that records, and a flow host whose place the test takes. */
import type { Bus } from "@skein/bus";
import {
  maintenanceCommand,
  noticeAnswerCommand,
  noticeCommand,
  noticesView,
  type DataOf,
  type InputOf,
  type NoticeView,
} from "@skein/contracts";
import request from "supertest";
import { coreOnMemory, type CoreOnMemory } from "../../runtime/src/core/testing/core-on-memory";
import { bearer } from "../../runtime/src/core/testing/owner";
import { eventually } from "./eventually";
import { recordingServer, type RecordingServer } from "./recording-server";

type Who = "admin" | "operator" | "viewer";

export interface NoticesHouse {
  readonly core: CoreOnMemory;
  readonly ntfy: RecordingServer;
  readonly flows: Bus;
  /** What the flow was told. */
  readonly answers: DataOf<typeof noticeAnswerCommand>[];
  /** How the node answers. */
  take: (id: string) => void;
  /** Has the flow tell one. */
  said(data: InputOf<typeof noticeCommand>): Promise<{ id: string; sent: NoticeView["sent"]; picture?: boolean }>;
  get(path: string, who?: Who): request.Test;
  post(path: string, body?: object, who?: Who): request.Test;
  list(): Promise<NoticeView[]>;
  restart(): Promise<void>;
  /** As at the beginning, but for what was told. */
  reset(): void;
  stop(): Promise<void>;
}

/** Under which address a phone finds it. */
export const PAGE = "http://skein.home.arpa:1880";
export const twoButtons = [
  { id: "restart", label: "Restart it" },
  { id: "leave", label: "Leave it" },
];
export const codeOf = ({ status, body }: request.Response) => [status, (body as { code?: string }).code];

/** A core that has just come takes no command whose issuer has not heard its clock yet. */
export const isHeard = (bus: Bus) =>
  eventually(async () =>
    expect(await bus.request(maintenanceCommand, {}, { follower: "nobody", forMs: 0 })).toMatchObject({
      code: "FOLLOWER_UNKNOWN",
    }),
  );

export async function noticesHouse(): Promise<NoticesHouse> {
  const ntfy = await recordingServer();
  const core = await coreOnMemory({
    accounts: ["admin", "operator", "viewer"],
    settings: { notices: { pageUrl: PAGE, ntfy: { url: ntfy.url, topic: "house", least: "warning" } } },
  });
  const flows = core.bus("flow-host");
  await isHeard(flows);
  const as = (who: Who = "admin") => bearer(core.logins[who]);
  const home: NoticesHouse = {
    core,
    ntfy,
    flows,
    answers: [],
    take: () => {},
    async said(data) {
      const outcome = await flows.request(noticeCommand, {}, data);
      if (!outcome.ok) throw new Error(outcome.message);
      return outcome.result as { id: string; sent: NoticeView["sent"]; picture?: boolean };
    },
    get: (path, who) => request(core.url).get(`/api/v1${path}`).set(as(who)),
    post: (path, body = {}, who) => request(core.url).post(`/api/v1${path}`).set(as(who)).send(body),
    list: async () => noticesView.parse((await home.get("/notices").expect(200)).body).notices,
    async restart() {
      await core.restart();
      await isHeard(flows);
    },
    reset() {
      home.answers.length = ntfy.requests.length = 0;
      home.take = () => {};
      ntfy.answer(() => ({ status: 200 }));
    },
    async stop() {
      await core.stop();
      await ntfy.close();
    },
  };
  await flows.serve(noticeAnswerCommand, {}, ({ data }) => {
    home.take(data.notice);
    home.answers.push(data);
  });
  return home;
}
