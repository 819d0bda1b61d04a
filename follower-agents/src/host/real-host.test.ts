import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { FakeClock } from "@skein/kit";
import { tempDir, type TempDir } from "../../../test/support/temp-dir";
import { createCpuMeter } from "./cpu";
import { createNetworkMeter } from "./network";
import { realHost } from "./real-host";
import { createThrottleMeter, readTemperatures } from "./sensors";

/** A host's /proc and /sys as files of the test's own. */
describe("what a host tells", () => {
  let root: TempDir;
  const put = (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(root.join(name)), { recursive: true });
      writeFileSync(root.join(name), text);
    }
  };
  beforeEach(() => {
    root = tempDir("skein-host-");
  });
  afterEach(() => root.remove());

  describe("temperatures", () => {
    it("are each sensor by its name, and a thermal zone's hwmon twin is not said twice", async () => {
      put({
        "sys/class/thermal/thermal_zone0/type": "cpu0-thermal\n",
        "sys/class/thermal/thermal_zone0/temp": "61500\n",
        "sys/class/hwmon/hwmon0/name": "cpu0-thermal\n",
        "sys/class/hwmon/hwmon0/temp1_input": "61500\n",
        "sys/class/hwmon/hwmon1/name": "nvme\n",
        "sys/class/hwmon/hwmon1/temp1_input": "40050\n",
        "sys/class/hwmon/hwmon1/temp1_label": "Composite\n",
        "sys/class/hwmon/hwmon1/temp2_input": "41000\n",
      });
      expect(await readTemperatures(root.path)).toEqual({ "cpu0-thermal": 61.5, "nvme Composite": 40.1, nvme: 41 });
    });
    it.each(["0", "-128000", "255000", "", "n/a"])("leave out a sensor that says %p", async (text) => {
      put({ "sys/class/thermal/thermal_zone0/type": "probe", "sys/class/thermal/thermal_zone0/temp": text });
      expect(await readTemperatures(root.path)).toEqual({});
    });
    it("are none on a host without sensors", async () => {
      expect(await readTemperatures(root.path)).toEqual({});
    });
  });

  describe("throttling", () => {
    it("is absent where nothing tells", async () => {
      expect(await createThrottleMeter(root.path)()).toBeUndefined();
    });
    it.each([
      ["0x0", false],
      ["50000", false],
      ["0x50005", true],
    ])("is read from a Raspberry Pi's firmware: %s", async (text, expected) => {
      put({ "sys/devices/platform/soc/soc:firmware/get_throttled": text });
      expect(await createThrottleMeter(root.path)()).toBe(expected);
    });
    it.each([
      ["0", false],
      ["3", true],
    ])("is a board's CPU cooling device at state %s", async (state, expected) => {
      put({
        "sys/class/thermal/cooling_device0/type": "thermal-cpufreq-0",
        "sys/class/thermal/cooling_device0/cur_state": state,
      });
      put({ "sys/class/thermal/cooling_device1/type": "pwm-fan", "sys/class/thermal/cooling_device1/cur_state": "2" });
      expect(await createThrottleMeter(root.path)()).toBe(expected);
    });
    it("is a PC's throttle counter that went up since the last look", async () => {
      const count = "sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count";
      const read = createThrottleMeter(root.path);
      put({ [count]: "7" });
      expect(await read()).toBeUndefined();
      expect(await read()).toBe(false);
      put({ [count]: "9" });
      expect(await read()).toBe(true);
    });
  });

  describe("CPU load", () => {
    const core = (busy: number, idle: number) => ({ times: { user: busy, nice: 0, sys: 0, irq: 0, idle } });
    it("is the mean of each core since the last look, and nothing at the first", async () => {
      const looks = [
        [core(100, 900), core(0, 1000)],
        [core(150, 950), core(10, 1090)],
      ];
      const read = createCpuMeter(root.path, () => looks.shift() ?? []);
      expect(await read()).toBeUndefined();
      expect(await read()).toEqual({ percent: 30, perCorePercent: [50, 10] });
    });
    it("is absent when a core came or went meanwhile, or no time passed", async () => {
      const looks = [[core(1, 9)], [core(1, 9), core(1, 9)], [core(1, 9), core(1, 9)]];
      const read = createCpuMeter(root.path, () => looks.shift() ?? []);
      expect(await read()).toBeUndefined();
      expect(await read()).toBeUndefined();
      expect(await read()).toEqual({});
    });
    it("comes with the fastest core's frequency where there is one", async () => {
      put({
        "sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq": "1400000",
        "sys/devices/system/cpu/cpu4/cpufreq/scaling_cur_freq": "2000000",
      });
      expect(await createCpuMeter(root.path, () => [])()).toEqual({ frequencyMhz: 2000 });
    });
  });

  describe("network", () => {
    const dev = (...lines: string[]) =>
      put({ "proc/net/dev": ["Inter-| Receive", " face |bytes", ...lines].join("\n") });
    const line = (name: string, received: number, sent: number) =>
      ` ${name}: ${received} 1 0 0 0 0 0 0 ${sent} 1 0 0 0 0 0 0`;
    it("is bytes a second since the last look, without the loopback and what never carried a byte", async () => {
      const clock = new FakeClock();
      const read = createNetworkMeter(root.path, clock);
      dev(line("lo", 5, 5), line("eth0", 1000, 500), line("dummy0", 0, 0));
      expect(await read()).toBeUndefined();
      await clock.advance(2000);
      dev(line("lo", 9, 9), line("eth0", 3000, 600), line("dummy0", 0, 0), line("wlan0", 10, 10));
      expect(await read()).toEqual([{ interface: "eth0", receivedBytesPerS: 1000, sentBytesPerS: 50 }]);
    });
    it("tells no rate for an interface whose counters began again", async () => {
      const clock = new FakeClock();
      const read = createNetworkMeter(root.path, clock);
      dev(line("eth0", 1000, 500));
      await read();
      await clock.advance(1000);
      dev(line("eth0", 10, 5));
      expect(await read()).toBeUndefined();
    });
  });

  it("names no figure that it does not have", async () => {
    put({ "proc/sys/kernel/random/boot_id": "5d0c1ac4-6f67-4a2e-93c5-0c0f4c2b1a01\n" });
    const host = realHost({ clock: new FakeClock(), root: root.path });
    expect(host.bootId).toBe("5d0c1ac4-6f67-4a2e-93c5-0c0f4c2b1a01");
    const figures = await host.read();
    for (const absent of ["temperatureC", "temperaturesC", "disks", "network", "throttled"])
      expect(figures).not.toHaveProperty(absent);
    for (const value of Object.values(figures)) expect(value).toBeDefined();
  });
  it("cannot be an agent's without a boot id", () => {
    expect(() => realHost({ clock: new FakeClock(), root: root.path })).toThrow(
      expect.objectContaining({ code: "HOST_UNSUPPORTED" }),
    );
  });
});
