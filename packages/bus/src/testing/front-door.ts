import { type AddressInfo, createServer, type Socket } from "node:net";
import { generate, type Packet, parser } from "mqtt-packet";

/**
 * The front door of a broker, for what no broker at hand does. `speaks 5`: accepts MQTT 5 and can say that a session was taken
 * over (Mosquitto 2.0.11 only hangs up). `refuses 5`: a 3.1.1 broker that answers CONNECT of another level with return code 1
 * (3.1.2.2). `hangs up on 5`: one that just closes. `refuses the id`: one that takes nobody under this client id, in 3.1.1 or 5.
 * Behind the door it acknowledges and delivers nothing, and closes at a subscription to `hangsUpAt`, `times` times.
 */
export async function frontDoor(
  how: "speaks 5" | "refuses 5" | "hangs up on 5" | "refuses the id",
  { hangsUpAt, times = Infinity }: { readonly hangsUpAt?: string; readonly times?: number } = {},
) {
  let questions = 0;
  const asked: number[] = [];
  const open = new Map<Socket, 4 | 5>();
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("close", () => open.delete(socket));
    const parse = parser({ protocolVersion: 5 });
    parse.on("error", () => socket.destroy());
    parse.on("packet", (packet: Packet) => answer(socket, packet));
    socket.on("data", (chunk) => parse.parse(chunk));
  });
  const answer = (socket: Socket, packet: Packet): void => {
    const protocolVersion = open.get(socket) ?? 4;
    const say = (reply: Packet) => void socket.write(generate(reply, { protocolVersion }));
    if (packet.cmd === "connect") {
      const level = packet.protocolVersion === 5 ? 5 : 4;
      asked.push(level);
      open.set(socket, level);
      if (how === "refuses the id") {
        const refusal = level === 5 ? { reasonCode: 133 } : { returnCode: 2 };
        return void socket.end(
          generate({ cmd: "connack", sessionPresent: false, ...refusal }, { protocolVersion: level }),
        );
      }
      if (level === 4) return say({ cmd: "connack", returnCode: 0, sessionPresent: false });
      if (how === "speaks 5")
        return void socket.write(
          generate({ cmd: "connack", reasonCode: 0, sessionPresent: false }, { protocolVersion: 5 }),
        );
      if (how === "refuses 5") socket.write(generate({ cmd: "connack", returnCode: 1, sessionPresent: false }));
      socket.end();
    } else if (packet.cmd === "subscribe") {
      if (packet.subscriptions.some(({ topic }) => topic === hangsUpAt) && ++questions <= times)
        return void socket.destroy();
      say({ cmd: "suback", messageId: packet.messageId ?? 0, granted: packet.subscriptions.map(() => 1) });
    } else if (packet.cmd === "publish" && packet.qos === 1) {
      say({ cmd: "puback", messageId: packet.messageId ?? 0, reasonCode: 0 });
    } else if (packet.cmd === "pingreq") say({ cmd: "pingresp" });
  };
  const cut = () => {
    for (const socket of open.keys()) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The protocol level of each CONNECT. */
    asked,
    /** Subscriptions to `hangsUpAt`. */
    get questions() {
      return questions;
    },
    cut,
    /** DISCONNECT with reason 142, then closed (MQTT 5, 3.1.4-3). */
    takeOver() {
      for (const socket of open.keys())
        socket.end(generate({ cmd: "disconnect", reasonCode: 142 }, { protocolVersion: 5 }));
    },
    async close() {
      cut();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
