/** Servers that write down what they are sent and answer as the test wants: they stand in for ntfy, a push service and a mail server. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface RecordingServer {
  readonly url: string;
  readonly host: string;
  readonly requests: Recorded[];
  /** How it answers from now on; default 200 with `{}`. */
  answer(how: (request: Recorded) => { status: number; body?: object }): void;
  close(): Promise<void>;
}

export async function recordingServer(): Promise<RecordingServer> {
  const requests: Recorded[] = [];
  let how: (request: Recorded) => { status: number; body?: object } = () => ({ status: 200 });
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      const { method = "", url = "", headers } = req;
      const recorded = { method, path: url, headers, body: Buffer.concat(chunks) };
      requests.push(recorded);
      const { status, body = {} } = how(recorded);
      res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    requests,
    answer: (next) => (how = next),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export interface RecordedMail {
  readonly from: string;
  readonly to: string[];
  readonly user: string | undefined;
  /** Headers and body as they came. */
  readonly text: string;
}

export interface RecordingMailServer {
  readonly url: string;
  readonly mails: RecordedMail[];
  /** Addresses that it does not know (550), or not now (451). */
  readonly unknown: Set<string>;
  readonly busy: Set<string>;
  /** The next mail that comes is taken only when `letGo` is called. */
  holdNext(listener: (letGo: () => void) => void): void;
  close(): Promise<void>;
}

/** @param login who may send; left out: everybody */
export async function recordingMailServer(login?: { user: string; pass: string }): Promise<RecordingMailServer> {
  const mails: RecordedMail[] = [];
  const [unknown, busy] = [new Set<string>(), new Set<string>()];
  let onHeld: ((letGo: () => void) => void) | undefined;
  const refuse = (code: number, words: string) => Object.assign(new Error(words), { responseCode: code });
  const server = new SMTPServer({
    authOptional: login === undefined,
    allowInsecureAuth: true,
    disabledCommands: ["STARTTLS", ...(login ? [] : ["AUTH"])],
    onAuth: ({ username, password }, _session, done) =>
      username === login?.user && password === login?.pass
        ? done(null, { user: username })
        : done(refuse(535, "5.7.8 wrong user name or password")),
    onRcptTo: ({ address }, _session, done) =>
      unknown.has(address)
        ? done(refuse(550, "5.1.1 no such user"))
        : busy.has(address)
          ? done(refuse(451, "4.3.0 later"))
          : done(),
    onData(stream, { envelope, user }, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        mails.push({
          from: envelope.mailFrom ? envelope.mailFrom.address : "",
          to: envelope.rcptTo.map(({ address }) => address),
          user,
          text: Buffer.concat(chunks).toString("utf8"),
        });
        if (!onHeld) return done();
        onHeld(() => done());
        onHeld = undefined;
      });
    },
  });
  const inner = server.listen(0, "127.0.0.1");
  await once(inner, "listening");
  return {
    url: `smtp://127.0.0.1:${(inner.address() as AddressInfo).port}`,
    mails,
    unknown,
    busy,
    holdNext: (listener) => void (onHeld = listener),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
