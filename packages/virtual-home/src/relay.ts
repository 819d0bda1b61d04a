import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** The wire between one agent and the broker, as a TCP relay on loopback. */
export interface Relay {
  readonly port: number;
  readonly mode: "pass" | "black-hole";
  /** Nothing gets through either way and nobody is told: no socket is closed. What is said meanwhile waits, as TCP sends it again. */
  blackHole(): void;
  /** As `blackHole`, and the host lost its power: what it had said and not got through is lost for good. */
  unplug(): void;
  /**
   * The wire works again. A connection that both ends still hold goes on where it was; one that an end has given up is reset,
   * as a packet for a connection that nobody knows is answered by a reset (RFC 9293, 3.5.2, "half-open connections").
   */
  pass(): void;
  /** Resets every connection, as a switch that restarts. */
  drop(): void;
  close(): Promise<void>;
}

/** No more than this waits in one direction; then the sender is held up, as by a full window. */
const MOST_HELD = 256 * 1024;

export async function createRelay(target: { readonly host?: string; readonly port: number }): Promise<Relay> {
  const wires = new Set<Wire>();
  let mode: Relay["mode"] = "pass";
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (agent) => {
    const wire = new Wire(
      agent,
      () => connect({ host: target.host ?? "127.0.0.1", port: target.port, allowHalfOpen: true, noDelay: true }),
      () => wires.delete(wire),
    );
    wires.add(wire);
    // While the wire is cut the kernel accepts and nothing answers: to the agent that is a broker that does not speak.
    wire.holding = mode === "black-hole";
    if (!wire.holding) wire.reach();
  });
  await listen(server);
  const blackHole = () => {
    mode = "black-hole";
    for (const wire of wires) wire.holding = true;
  };
  return {
    port: (server.address() as AddressInfo).port,
    get mode() {
      return mode;
    },
    blackHole,
    unplug() {
      blackHole();
      for (const wire of wires) wire.powerLost = true;
    },
    pass() {
      mode = "pass";
      for (const wire of wires) wire.release();
    },
    drop() {
      for (const wire of wires) wire.reset();
    },
    close() {
      for (const wire of wires) wire.reset();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const listen = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve());
  });

/** One end of a wire. */
interface End {
  readonly socket: Socket;
  /** It closed or died; while the wire is cut the other end is not told. */
  over: boolean;
  /** What it said and the other end has not been given. */
  readonly said: Buffer[];
  held: number;
}

/** One connection through the relay. */
class Wire {
  holding = false;
  powerLost = false;
  private readonly agent: End;
  private broker: End | undefined;

  constructor(
    agent: Socket,
    private readonly dial: () => Socket,
    private readonly gone: () => void,
  ) {
    this.agent = this.mind(agent, () => this.broker);
  }

  /** Opens the connection to the broker, and sends on what the agent has said already. */
  reach(): void {
    this.broker = this.mind(this.dial(), () => this.agent);
    this.flush(this.agent, this.broker);
  }

  /** The wire works again. */
  release(): void {
    if (!this.holding) return;
    this.holding = false;
    if (!this.broker) return this.agent.over ? this.reset() : this.reach();
    const { agent, broker } = this;
    if (broker.over) return this.reset();
    if (agent.over && this.powerLost) {
      // The host that comes back knows nothing of this connection. The broker learns it when it says something: else the
      // connection stays half-open, until its keep-alive runs out or the same client comes again.
      agent.said.length = 0;
      if (broker.said.length > 0) this.reset();
      return;
    }
    this.flush(agent, broker);
    this.flush(broker, agent);
  }

  reset(): void {
    for (const end of [this.agent, this.broker]) if (end && !end.socket.destroyed) end.socket.resetAndDestroy();
    this.gone();
  }

  private mind(socket: Socket, other: () => End | undefined): End {
    const end: End = { socket, over: false, said: [], held: 0 };
    socket.on("data", (chunk) => {
      const peer = other();
      if (this.powerLost && !this.holding && peer?.over) return this.reset();
      end.said.push(chunk);
      end.held += chunk.byteLength;
      if (!this.holding && peer) this.flush(end, peer);
      else if (end.held > MOST_HELD) socket.pause();
    });
    let ended = false;
    const finish = (broken: boolean) => {
      if (ended && !broken) return;
      ended = true;
      end.over = true;
      const peer = other();
      if (this.holding) return;
      if (broken || !peer) this.reset();
      else if (peer.socket.destroyed) socket.end();
      else this.flush(end, peer);
    };
    socket.on("end", () => finish(false));
    socket.on("error", () => finish(true));
    socket.on("close", () => {
      finish(false);
      const peer = other();
      if (!this.holding && (!peer || peer.socket.destroyed)) this.gone();
    });
    return end;
  }

  /** Gives `to` what `from` has said, and its end when it is over. */
  private flush(from: End, to: End): void {
    if (to.socket.destroyed) return;
    let room = true;
    for (const chunk of from.said.splice(0)) room = to.socket.write(chunk);
    from.held = 0;
    if (from.over) return void to.socket.end();
    if (room) from.socket.resume();
    else {
      from.socket.pause();
      to.socket.once("drain", () => void (!this.holding && from.socket.resume()));
    }
  }
}
