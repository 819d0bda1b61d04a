/** `npm run kasa-emulator`: a set of emulated devices from a YAML file, and a few words to type at them. */
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { loadSettings, messageOf, readCommandLine, SkeinError, systemClock, systemRandom } from "@skein/kit";
import { askAtLine } from "./ask-at-line";
import { act } from "./console";
import type { DeviceEmulator } from "./emulator";
import { homeSettings, startHomeEmulator } from "./home";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { values } = readCommandLine(process.argv.slice(2), { config: { type: "string" } });
  if (values.config === undefined)
    throw new SkeinError("OPTION_INVALID", "--config is missing.", { hint: "Name a file: --config home.yaml." });
  const settings = loadSettings(homeSettings, resolve(values.config));
  const devices = await startHomeEmulator(settings, { clock: systemClock, random: systemRandom });
  for (const device of devices) {
    say(describe(device));
    device.onChange(() => say(describe(device)));
  }
  say(askAtLine(devices));
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    void act(devices, line).then(
      (said) => said !== undefined && say(said),
      (error: unknown) => say(messageOf(error)),
    );
  });
  const stop = () => {
    lines.close();
    void Promise.all(devices.map((device) => device.close())).then(() => process.exit(0));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}

const describe = (emulator: DeviceEmulator): string => {
  const { device, host, protocol, ports } = emulator;
  const where = Object.entries(ports)
    .map(([name, port]) => `${name} ${port}`)
    .join(", ");
  const lights = emulator
    .look()
    .map(({ alias, powered, state }) => `${alias}: ${powered ? JSON.stringify(state) : "no current"}`);
  return `${device.kind} ${device.mac} ${protocol} at ${host} (${where || "off"})  ${lights.join("  ")}`;
};

main().catch((error: unknown) => {
  process.stderr.write(`kasa-emulator: ${messageOf(error)}\n`);
  process.exitCode = 1;
});
