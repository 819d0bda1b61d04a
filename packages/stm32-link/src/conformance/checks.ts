/** What a board must do to keep to docs/link.md: a list of small trials, each with the sentence that it holds the board to. */
import { sleep, SkeinError, type Clock } from "@skein/kit";
import { decodeBody } from "../codec";
import { crcOfDescriptions } from "../description";
import { encodeFrame, MOST_BLOCK } from "../frame";
import { events, VERSION, type BodyOf } from "../messages";
import type { RawBoard } from "./raw-board";

export interface Trial {
  readonly board: RawBoard;
  readonly clock: Clock;
  /** From the first check on. */
  hello: BodyOf<"hello">;
  channels: BodyOf<"desc">[];
}

export interface Check {
  readonly says: string;
  /** Throws, with what the board did instead. `skipped` tells why this board has nothing to try it on. */
  readonly run: (trial: Trial) => Promise<{ readonly skipped: string } | void>;
}

const HOST_LOSS_MS = 500;
const greet = { ...VERSION, hostLossMs: 60_000 };
const bootId = (n: number) => Buffer.alloc(8, n);

const must = (holds: boolean, otherwise: string): void => {
  if (!holds) throw new SkeinError("HUB_NOT_CONFORMING", otherwise);
};
const none = (what: string) => ({ skipped: `this board has no ${what}` });
const drivable = ({ channels }: Trial) => channels.find(({ direction, flags }) => direction === 1 && (flags & 1) === 0);
const fresh = async ({ board }: Trial, hostLossMs = 60_000) =>
  decodeBody("hello", (await board.ask("helloReq", { ...greet, hostLossMs, bootId: bootId(1) })).frame.body);

export const checks: readonly Check[] = [
  {
    says: "answers HELLO_REQ with HELLO, in this major version and with a boot id",
    async run(trial) {
      // The first answer of a board that just starts may take its time.
      const answer = await trial.board.answer(trial.board.send("helloReq", { ...greet, bootId: bootId(1) }), 3000);
      must(answer.name === "hello", `it answers ${answer.name}`);
      trial.hello = decodeBody("hello", answer.frame.body);
      must(trial.hello.major === VERSION.major, `it speaks version ${trial.hello.major}`);
      must(trial.hello.bootId?.length === 8, "HELLO bears no boot id of 8 bytes");
    },
  },
  {
    says: "keeps its boot id until its next reset",
    async run(trial) {
      const { frame } = await trial.board.ask("helloReq", { ...greet, bootId: bootId(2) });
      const again = decodeBody("hello", frame.body);
      must(Buffer.from(again.bootId ?? []).equals(Buffer.from(trial.hello.bootId ?? [])), "it took another one");
    },
  },
  {
    says: "describes each of its channels, and the CRC of HELLO is that of the descriptions",
    async run(trial) {
      const said: Uint8Array[] = [];
      trial.channels = [];
      for (let index = 0; index < trial.hello.channels; index++) {
        const { name, frame } = await trial.board.ask("descReq", { index });
        must(name === "desc", `channel ${index} is answered with ${name}`);
        said.push(frame.body);
        trial.channels.push(decodeBody("desc", frame.body));
      }
      const crc = crcOfDescriptions(said);
      must(
        crc === trial.hello.descriptionCrc,
        `HELLO says ${trial.hello.descriptionCrc}, the descriptions come to ${crc}`,
      );
      must(
        new Set(trial.channels.map(({ channel }) => channel)).size === trial.channels.length,
        "two have the same id",
      );
      for (const { name, direction, min, max, safe } of trial.channels)
        must(direction === 0 || (min <= safe && safe <= max), `"${name}": safe ${safe} is not within ${min} to ${max}`);
    },
  },
  {
    says: "refuses a description beyond the last, a message that it does not know, and a body that is none",
    async run({ board, hello }) {
      await board.no(board.send("descReq", { index: hello.channels }), "unknown-channel");
      await board.no(board.raw(0x7f, Buffer.of(0xa0)), "unknown-message");
      await board.no(board.raw(0x03, Buffer.of(0xa0)), "malformed");
      await board.no(board.raw(0x03, Buffer.of(0x83, 1, 2, 3)), "malformed");
      await board.no(board.raw(0x03, Buffer.alloc(240, 0x9f)), "malformed");
      await board.no(board.raw(0x03, Buffer.alloc(0)), "malformed");
    },
  },
  {
    says: "skips keys that it does not know",
    async run({ board }) {
      // ping {23: [1, {1: "x"}], 22: h'00ff'}
      const answer = await board.answer(board.raw(0x04, Buffer.from("a2178201a1016178164200ff", "hex")));
      must(answer.name === "ack", `it answers ${answer.name}`);
    },
  },
  {
    says: "drives a channel to a value, and READ tells it",
    async run(trial) {
      const channel = drivable(trial);
      if (!channel) return none("channel that is driven without ARM");
      const value = channel.safe === channel.max ? channel.min : channel.max;
      await trial.board.yes("set", { channel: channel.channel, value });
      const { name, frame } = await trial.board.ask("read", { channel: channel.channel });
      must(name === "sample", `READ is answered with ${name}`);
      const { value: told } = decodeBody("sample", frame.body);
      must(Math.abs((told ?? NaN) - value) <= channel.step, `it was set to ${value} and tells ${told}`);
      await trial.board.yes("set", { channel: channel.channel, value: channel.safe });
    },
  },
  {
    says: "refuses an unknown channel, a value out of range and driving what is only read",
    async run(trial) {
      const { board, channels } = trial;
      const free = Array.from({ length: 256 }, (_, id) => id).find((id) =>
        channels.every((each) => each.channel !== id),
      );
      if (free !== undefined) await board.no(board.send("set", { channel: free, value: 0 }), "unknown-channel");
      const driven = drivable(trial);
      if (driven) {
        await board.no(board.send("set", { channel: driven.channel, value: driven.max + driven.step }), "out-of-range");
        await board.no(board.send("set", { channel: driven.channel, value: driven.min - driven.step }), "out-of-range");
      }
      const read = channels.find(({ direction }) => direction === 0);
      if (read) await board.no(board.send("set", { channel: read.channel, value: read.min }), "not-driven");
    },
  },
  {
    says: "does a repeated order once and answers it again",
    async run(trial) {
      const channel = drivable(trial);
      if (!channel) return none("channel that is driven without ARM");
      const { board } = trial;
      const { channel: id, min, max, safe } = channel;
      const away = safe === max ? min : max;
      const seq = board.send("set", { channel: id, value: away });
      await board.answer(seq);
      await board.yes("set", { channel: id, value: safe });
      // The board remembers the last one only: this is another order under a number used before, and not a repetition.
      const repeated = board.send("set", { channel: id, value: away });
      await board.answer(repeated);
      board.send("set", { channel: id, value: safe }, repeated);
      const again = await board.answer(repeated);
      must(again.name === "ack", `the repetition is answered with ${again.name}`);
      const { value } = decodeBody("sample", (await board.ask("read", { channel: id })).frame.body);
      must(Math.abs((value ?? NaN) - away) <= channel.step, "it carried the repetition out");
      await board.yes("set", { channel: id, value: safe });
    },
  },
  {
    says: "lets what can hurt leave its safe value only while armed, is disarmed by SAFE and by HELLO_REQ, and never refuses to go there",
    async run(trial) {
      const { board, channels } = trial;
      const channel = channels.find(({ direction, flags }) => direction === 1 && (flags & 1) !== 0);
      if (!channel) return none("channel that needs ARM");
      const { channel: id, safe, max, min, step } = channel;
      // As little as there is: it may be a motor.
      const away = { channel: id, value: safe + step <= max ? safe + step : Math.max(min, safe - step) };
      await board.no(board.send("set", away), "not-armed");
      await board.yes("set", { channel: id, value: safe });
      await board.yes("arm", { armed: true });
      await board.yes("set", away);
      await board.yes("safe", {});
      await board.no(board.send("set", away), "not-armed");
      await board.yes("arm", { armed: true });
      await fresh(trial);
      await board.no(board.send("set", away), "not-armed");
      await board.yes("set", { channel: id, value: safe });
    },
  },
  {
    says: "takes an output back to its safe value after forMs, and tells of it",
    async run(trial) {
      const channel = drivable(trial);
      if (!channel) return none("channel that is driven without ARM");
      const { channel: id, min, max, safe, step } = channel;
      await trial.board.yes("set", { channel: id, value: safe === max ? min : max, forMs: 200 });
      await trial.board.until(
        ({ name, frame }) => name === "event" && decodeBody("event", frame.body).event === events["time-over"][0],
        2000,
        "EVENT time-over",
      );
      const { value } = decodeBody("sample", (await trial.board.ask("read", { channel: id })).frame.body);
      must(Math.abs((value ?? NaN) - safe) <= step, `it stands at ${value}`);
    },
  },
  {
    says: "lets noise, damaged frames and frames without an end pass, and answers what follows",
    async run({ board }) {
      const damaged = encodeFrame({ type: 4, seq: 9, ack: 0, body: Buffer.of(0xa0) });
      damaged[3] = (damaged[3] ?? 0) ^ 0x40;
      for (const noise of [damaged, Buffer.alloc(3 * MOST_BLOCK, 0x55), Buffer.alloc(64), Buffer.of(1, 2, 3, 255)])
        board.bytes(noise);
      board.bytes(Buffer.of(0));
      await board.yes("ping", {});
    },
  },
  {
    says: "tells HEARTBEAT every 5 s",
    async run({ board }) {
      const beat = () => board.until(({ name }) => name === "heartbeat", 7000, "HEARTBEAT");
      const first = decodeBody("heartbeat", (await beat()).frame.body);
      const second = decodeBody("heartbeat", (await beat()).frame.body);
      const apart = second.uptimeMs - first.uptimeMs;
      must(apart > 4500 && apart < 5500, `they are ${apart} ms apart`);
    },
  },
  {
    says: "makes itself safe when the host falls silent, tells of it, and is not armed any more",
    async run(trial) {
      const { board, clock } = trial;
      await fresh(trial, HOST_LOSS_MS);
      const channel = drivable(trial);
      if (channel)
        await board.yes("set", {
          channel: channel.channel,
          value: channel.safe === channel.max ? channel.min : channel.max,
        });
      await board.yes("arm", { armed: true });
      await sleep(clock, HOST_LOSS_MS + 300);
      await board.until(
        ({ name, frame }) => name === "event" && decodeBody("event", frame.body).event === events["host-lost"][0],
        2000,
        "EVENT host-lost",
      );
      await fresh(trial);
      if (!channel) return;
      const { value } = decodeBody("sample", (await board.ask("read", { channel: channel.channel })).frame.body);
      must(Math.abs((value ?? NaN) - channel.safe) <= channel.step, `"${channel.name}" stands at ${value}`);
    },
  },
  {
    says: "refuses a host of another major version",
    async run({ board }) {
      const seq = board.send("helloReq", { ...greet, major: VERSION.major + 1, bootId: bootId(1) });
      await board.no(seq, "version");
    },
  },
];
