/** The firmware as it goes onto a chip (`make -C firmware stm32f4`), in QEMU, through a serial port and the link that agents use. */
import { execFileSync } from "node:child_process";
import { openSync, readFileSync, writeSync, closeSync } from "node:fs";
import { join } from "node:path";
import { seededRandom, silentLogger, systemClock, systemRandom } from "@skein/kit";
import {
  openHubLink,
  serialWire,
  type BodyOf,
  type HubEvent,
  type HubLink,
  type HubLinkOptions,
} from "../../packages/stm32-link/src";
import { eventually } from "../../test/support/eventually";
import { startQemu, type Qemu } from "./qemu";

const FIRMWARE = join(__dirname, "..");
const ELF = join(FIRMWARE, "build/stm32f4/skein-hub.elf");
/** RM0390 17.4.13: CCR1-4 of a timer lie at 0x34. */
const SERVO_PULSES = 0x40000434;
const LAMP_PULSES = 0x40000834;
/** The rows of firmware/board/stm32f4/board.c. */
const [LAMP, LATCH, ROTOR, TEMPERATURE, GREEN, LIGHT] = [1, 3, 4, 8, 14, 15];

/** QEMU takes some ten thousand a second; `node test/run.mjs --long` sends the million. */
const NOISE_BYTES = process.env["SKEIN_LONG"] === "1" ? 1_000_000 : 50_000;

describe("The firmware in QEMU", () => {
  let qemu: Qemu;
  let links: HubLink[] = [];
  let events: HubEvent[] = [];

  beforeAll(() => void execFileSync("make", ["-s", "-C", FIRMWARE, "stm32f4"], { stdio: "pipe" }), 180_000);
  afterEach(async () => {
    await Promise.all(links.map((link) => link.close()));
    links = [];
    events = [];
  });
  const begin = async (options: Parameters<typeof startQemu>[1] = {}) => {
    qemu = await startQemu(ELF, options);
  };
  const end = () => qemu.stop();

  const link = async (options: Partial<HubLinkOptions> = {}): Promise<HubLink> => {
    const opened = openHubLink({
      open: serialWire(qemu.pty),
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
      // The machine that runs this may have other things to do; what is promised of times is measured on the board's own clock.
      ackMs: 1000,
      hostLossMs: 5000,
      onEvent: (event) => events.push(event),
      ...options,
    });
    links.push(opened);
    await eventually(() => {
      if (!opened.board) throw new Error(`the board was not reached: ${JSON.stringify(events)}`);
    });
    return opened;
  };
  const heartbeats = (): BodyOf<"heartbeat">[] => events.flatMap((e) => (e.type === "heartbeat" ? [e.heartbeat] : []));
  const lastUp = () => events.filter((e) => e.type === "up").at(-1);

  describe("with a host", () => {
    beforeAll(() => begin());
    afterAll(end);

    it("says who it is and what it has", async () => {
      const { board } = await link();
      expect(board?.hello).toMatchObject({ major: 1, board: "nucleo-f446re", resetCause: 0 });
      expect(board?.hello.uid).toBeUndefined();
      expect(board?.channels).toHaveLength(15);
      expect(board?.channels).toContainEqual(
        expect.objectContaining({ id: ROTOR, kind: "esc", driven: true, unit: "%", min: 0, max: 100, needsArm: true }),
      );
    });

    it("gives a lamp and a servo the pulses that are asked for", async () => {
      const hub = await link();
      await hub.ask("set", { channel: LAMP, value: 40 });
      expect((await qemu.words(LAMP_PULSES, 1))[0]).toBe(400);
      expect(await hub.ask("read", { channel: LAMP })).toMatchObject({ value: 40 });
      for (const [degrees, us] of [
        [0, 500],
        [180, 2500],
        [90, 1500],
      ] as const) {
        await hub.ask("set", { channel: LATCH, value: degrees });
        expect((await qemu.words(SERVO_PULSES, 1))[0]).toBe(us);
      }
      await expect(hub.ask("set", { channel: LATCH, value: 181 })).rejects.toMatchObject({ code: "HUB_REFUSED" });
      expect((await qemu.words(SERVO_PULSES, 1))[0]).toBe(1500);
    });

    it("drives what can hurt only when it was armed, and slowly up", async () => {
      const hub = await link();
      await expect(hub.ask("set", { channel: ROTOR, value: 50 })).rejects.toMatchObject({ code: "HUB_REFUSED" });
      expect((await qemu.words(SERVO_PULSES, 2))[1]).toBe(1000);
      await hub.ask("arm", { armed: true });
      await hub.ask("set", { channel: ROTOR, value: 50 });
      await eventually(async () => expect((await qemu.words(SERVO_PULSES, 2))[1]).toBe(1500));
      await hub.ask("safe", {});
      expect((await qemu.words(SERVO_PULSES, 2))[1]).toBe(1000);
      expect((await qemu.words(LAMP_PULSES, 1))[0]).toBe(0);
      await expect(hub.ask("set", { channel: ROTOR, value: 50 })).rejects.toMatchObject({ code: "HUB_REFUSED" });
    });

    it("tells of a part that is not there by its fault, and measures what is", async () => {
      const hub = await link();
      await eventually(async () => expect((await hub.ask("read", { channel: TEMPERATURE })).fault).toBeDefined());
      const light = await hub.ask("read", { channel: LIGHT });
      expect(light.value).toBeGreaterThanOrEqual(0);
      expect(light.value).toBeLessThanOrEqual(3.3);
    });

    it("sends samples in their rhythm", async () => {
      const hub = await link();
      await hub.ask("watch", { channel: LIGHT, everyMs: 50, deadband: 100 });
      const samples = await eventually(() => {
        const heard = events.flatMap((e) => (e.type === "sample" && e.sample.channel === LIGHT ? [e.sample] : []));
        expect(heard.length).toBeGreaterThan(20);
        return heard;
      });
      await hub.ask("watch", { channel: LIGHT, everyMs: 0, deadband: 100 });
      const spans = samples.slice(1).map(({ atMs }, at) => atMs - (samples[at]?.atMs ?? 0));
      expect(spans.reduce((sum, span) => sum + span, 0) / spans.length).toBeCloseTo(50, -1);
    });

    it("tells every 5 s how it fares", async () => {
      await link();
      await eventually(() => expect(heartbeats().length).toBeGreaterThanOrEqual(3));
      const [first, second, third] = heartbeats();
      expect(Math.abs((second?.uptimeMs ?? 0) - (first?.uptimeMs ?? 0) - 5000)).toBeLessThan(200);
      expect(Math.abs((third?.uptimeMs ?? 0) - (second?.uptimeMs ?? 0) - 5000)).toBeLessThan(200);
      expect(third).toMatchObject({ rxDrops: 0, crcErrors: 0, txDrops: 0, armed: false });
      expect(third?.stackFree).toBeGreaterThan(1024);
    });
  });

  describe("without one", () => {
    beforeEach(() => begin());
    afterEach(end);

    it("makes itself safe when the host falls silent", async () => {
      const hub = await link({ hostLossMs: 1000 });
      await hub.ask("arm", { armed: true });
      await hub.ask("set", { channel: LAMP, value: 70 });
      await hub.ask("set", { channel: ROTOR, value: 30 });
      await eventually(async () => expect((await qemu.words(SERVO_PULSES, 2))[1]).toBe(1300));
      expect((await qemu.words(LAMP_PULSES, 1))[0]).toBe(700);
      await hub.close();
      await eventually(async () => {
        expect((await qemu.words(SERVO_PULSES, 2))[1]).toBe(1000);
        expect((await qemu.words(LAMP_PULSES, 1))[0]).toBe(0);
      }, 10_000);
      // And needs to be armed anew.
      const again = await link();
      await expect(again.ask("set", { channel: ROTOR, value: 30 })).rejects.toMatchObject({ code: "HUB_REFUSED" });
    });

    it("is known to have been reset, by order or by its pin, and is safe then", async () => {
      const hub = await link();
      await hub.ask("set", { channel: LAMP, value: 70 });
      await hub.ask("reboot", { loader: false });
      await eventually(() => expect(lastUp()).toMatchObject({ rebooted: true }));
      expect((await qemu.words(LAMP_PULSES, 1))[0]).toBe(0);
      events.length = 0;
      await hub.ask("set", { channel: LAMP, value: 70 });
      await qemu.tell("system_reset");
      await eventually(() => expect(lastUp()).toMatchObject({ rebooted: true }));
      expect((await qemu.words(LAMP_PULSES, 1))[0]).toBe(0);
    });

    it("that hangs is mute, and goes on as the same when it does not hang any more", async () => {
      const hub = await link({ ackMs: 150 });
      await qemu.tell("stop");
      await expect(hub.ask("set", { channel: LAMP, value: 70 })).rejects.toMatchObject({ code: "HUB_NO_ANSWER" });
      await qemu.tell("cont");
      await eventually(() => expect(hub.board).toBeDefined());
      expect(lastUp()).toMatchObject({ rebooted: false });
    });

    it("hears an order behind a lot of noise, and nothing in it", async () => {
      const before = await link();
      const bootId = before.board?.bootId;
      await before.ask("set", { channel: LAMP, value: 25 });
      await before.close();
      await noise(qemu.pty, NOISE_BYTES);
      events.length = 0;
      const hub = await link();
      // Not reset meanwhile.
      expect(hub.board?.bootId).toBe(bootId);
      await hub.ask("set", { channel: LAMP, value: 60 });
      expect((await qemu.words(LAMP_PULSES, 1))[0]).toBe(600);
      const heartbeat = await eventually(() => {
        expect(heartbeats()).not.toHaveLength(0);
        return heartbeats()[0];
      });
      expect(heartbeat?.crcErrors).toBeGreaterThan(100);
    }, 300_000);
  });

  describe("with its pins watched", () => {
    beforeAll(() => begin({ log: true }));
    afterAll(end);
    /** RM0390 7.4.7: BSRR, the low half sets, the high half resets; PA5. */
    const writes = (value: string) =>
      readFileSync(qemu.log, "utf8").split(`GPIOA: unimplemented device write (size 4, offset 0x018, value 0x${value})`)
        .length - 1;

    it("switches the green LED on and off", async () => {
      const hub = await link();
      expect(writes("00000020")).toBe(0);
      await hub.ask("set", { channel: GREEN, value: 1 });
      await eventually(() => expect(writes("00000020")).toBe(1));
      const off = writes("00200000");
      await hub.ask("set", { channel: GREEN, value: 0 });
      await eventually(() => expect(writes("00200000")).toBe(off + 1));
    });
  });

  /** Faster than any line; what the kernel has no room for waits. */
  async function noise(path: string, bytes: number): Promise<void> {
    const random = seededRandom(7);
    const line = openSync(path, "r+");
    try {
      for (let sent = 0; sent < bytes;) {
        const chunk = random.bytes(Math.min(2048, bytes - sent));
        sent += writeSync(line, chunk);
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      closeSync(line);
    }
  }
});
