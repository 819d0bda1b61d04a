import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { eventually } from "../../../../test/support/eventually";
import type { Protocol } from "../protocol";
import { createLan, type Lan } from "../testing/lan";
import { MAX_REQUEST_BYTES, MOST_CONNECTIONS } from "./limits";
import { autokey } from "./xor-server";

const frame = (text: string): Buffer => {
  const body = autokey(Buffer.from(text), true);
  const header = Buffer.alloc(4);
  header.writeUInt32BE(body.length, 0);
  return Buffer.concat([header, body]);
};
const SYSINFO = frame('{"system":{"get_sysinfo":{}}}');

describe("What an emulated device has room for", () => {
  let lan: Lan;
  const sockets: Socket[] = [];
  beforeEach(() => {
    lan = createLan();
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await lan.close();
  });
  const dial = async (host: string, port: number): Promise<Socket> => {
    const socket = connect(port, host);
    sockets.push(socket);
    socket.on("error", () => {});
    await once(socket, "connect");
    return socket;
  };

  it.each<Protocol>(["xor", "klap-v1"])(
    "closes one connection too many at once, over %s, and takes it when another is gone",
    async (protocol) => {
      const lamp = await lan.device({ protocol });
      const port = lamp.ports.xor ?? lamp.ports.http ?? 0;
      const first = await dial(lamp.host, port);
      for (let more = 1; more < MOST_CONNECTIONS; more += 1) await dial(lamp.host, port);
      const tooMany = await dial(lamp.host, port);
      tooMany.resume();
      await once(tooMany, "close");
      const client = lan.client();
      client.hold({ id: lamp.id });
      await eventually(() => expect(client.get(lamp.id)?.diagnosis.condition).toBe("busy"));
      expect(sockets.filter(({ destroyed }) => destroyed)).toEqual([tooMany]);
      first.destroy();
      await eventually(() => expect(client.set(lamp.id, { on: true })).resolves.toMatchObject({ state: { on: true } }));
    },
  );

  it("answers everything that was asked at once to one who takes his answers late", async () => {
    const lamp = await lan.device();
    const socket = await dial(lamp.host, 9999);
    const times = 2000;
    socket.write(Buffer.concat(Array.from({ length: times }, () => SYSINFO)));
    await eventually(() => expect(lamp.requests.length).toBeGreaterThan(10));
    let text = "";
    socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
    // The key stream begins anew with each frame: every answer begins alike.
    const start = autokey(Buffer.from('{"system":{'), true).toString("latin1");
    const answers = () => text.split(start).length - 1;
    await eventually(() => expect(answers()).toBe(times));
  });

  it("ends a connection that announces more than it has room for", async () => {
    const lamp = await lan.device();
    const socket = await dial(lamp.host, 9999);
    const header = Buffer.alloc(4);
    header.writeUInt32BE(MAX_REQUEST_BYTES + 1, 0);
    socket.write(header);
    socket.resume();
    await once(socket, "close");
    const newer = await lan.device({ protocol: "klap-v1" });
    const body = Buffer.alloc(MAX_REQUEST_BYTES + 1);
    const answer = await fetch(`http://${newer.host}:${newer.ports.http}/app/request`, { method: "POST", body }).catch(
      () => undefined,
    );
    expect([undefined, 413]).toContain(answer?.status);
  });
});
