/** What can be typed at a running emulator: a word, the device by its alias, and what the word wants besides. */
import { hasCode, SkeinError } from "@skein/kit";
import type { Protocol } from "../protocol";
import { SPEAKS, type DeviceEmulator, type Faults } from "./emulator";

interface Meant {
  readonly device: DeviceEmulator;
  /** Of a power strip whose outlet was named, counted from 0. */
  readonly outlet: number | undefined;
  /** What stood after the name. */
  readonly rest: readonly string[];
}

interface Word {
  /** As it is typed. */
  readonly form: string;
  /** @returns what is to be said, where the device does not tell of it by itself */
  does(meant: Meant): Promise<void> | string | void;
}

const WORDS: Readonly<Record<string, Word>> = {
  switch: { form: "switch DEVICE", does: ({ device, outlet }) => device.wallSwitch(outlet) },
  cut: { form: "cut DEVICE", does: ({ device }) => device.powerCut() },
  power: { form: "power DEVICE", does: ({ device }) => device.powerUp() },
  update: {
    form: "update DEVICE PROTOCOL",
    does: ({ device, rest }) => device.updateFirmware(protocolOf(device, rest[0] ?? "")),
  },
  move: { form: "move DEVICE ADDRESS", does: ({ device, rest }) => move(device, addressOf(rest)) },
  fault: { form: "fault DEVICE [FAULTS]", does: ({ device, rest }) => play(device, faultsOf(rest)) },
};

/**
 * Does what the line says; an empty line is nothing.
 * @returns what is to be said about it: nothing where the device itself tells
 * @throws SkeinError OPTION_INVALID with what there is instead
 */
export async function act(devices: readonly DeviceEmulator[], line: string): Promise<string | undefined> {
  const [name = "", ...rest] = line.trim().split(/\s+/);
  if (name === "") return undefined;
  if (name === "help") return `Type ${forms()}. ${named(devices)}`;
  const word = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
  if (!word) throw wrong(`"${name}" is no word for a device`, `Type ${forms()}.`);
  if (rest.length === 0) throw wrong(`"${name}" wants a device: ${word.form}`, named(devices));
  const meant = meantBy(devices, rest);
  if (!meant) throw wrong(`there is no device "${rest.join(" ")}"`, named(devices));
  return (await word.does(meant)) ?? undefined;
}

const wrong = (what: string, hint: string): SkeinError => new SkeinError("OPTION_INVALID", `${what}.`, { hint });

const forms = (): string =>
  Object.values(WORDS)
    .map(({ form }) => form)
    .join(", ");

const named = (devices: readonly DeviceEmulator[]): string =>
  `The devices: ${devices.flatMap((each) => namesOf(each).map(({ alias }) => alias)).join(", ")}.`;

/** Its own name, and of a power strip each outlet's. */
function namesOf(device: DeviceEmulator): { device: DeviceEmulator; outlet: number | undefined; alias: string }[] {
  const { alias, kind } = device.device;
  const outlets =
    kind === "power-strip" ? device.look().map((seen, outlet) => ({ device, outlet, alias: seen.alias })) : [];
  return [{ device, outlet: undefined, alias }, ...outlets];
}

/** The longest name that the words begin with, upper or lower case: "Lamp 2" is not "Lamp". */
function meantBy(devices: readonly DeviceEmulator[], words: readonly string[]): Meant | undefined {
  const said = `${words.join(" ").toLowerCase()} `;
  const [best] = devices
    .flatMap(namesOf)
    .filter(({ alias }) => said.startsWith(`${alias.toLowerCase()} `))
    .toSorted((a, b) => b.alias.length - a.alias.length);
  return best && { device: best.device, outlet: best.outlet, rest: words.slice(best.alias.split(" ").length) };
}

function protocolOf({ device }: DeviceEmulator, text: string): Protocol {
  const spoken = SPEAKS[device.family];
  const found = spoken.find((each) => each === text);
  if (found) return found;
  throw wrong(`"${text}" is no protocol of this device`, `There are ${spoken.join(", ")}.`);
}

function addressOf([address = "", ...more]: readonly string[]): string {
  if (address !== "" && more.length === 0) return address;
  throw wrong("the address to move to is missing", `Type ${WORDS["move"]?.form}, with an address such as 127.0.9.9.`);
}

async function move(device: DeviceEmulator, address: string): Promise<void> {
  try {
    await device.moveTo(address);
  } catch (error) {
    const why = hasCode(error, "EADDRINUSE") ? "somebody stands there already" : "that is no address of this machine";
    throw wrong(`${device.device.alias} cannot move to ${address}: ${why}`, "Give it a free one, such as 127.0.9.9.");
  }
}

function play(device: DeviceEmulator, faults: Faults): string {
  device.fault(faults);
  const { alias } = device.device;
  return Object.keys(faults).length === 0 ? `${alias} is well.` : `${alias} has ${JSON.stringify(faults)}.`;
}

/** Every fault with the range of its value; undefined: it is there or it is not. */
const FAULTS: Readonly<Record<keyof Faults, readonly [min: number, max: number] | undefined>> = {
  delayMs: [0, 600_000],
  loss: [0, 1],
  splitBytes: [1, 65_536],
  garbage: undefined,
  silent: undefined,
  refuse: [0, 1_000_000],
  tpapTakesKlap: undefined,
};

/** Those that are named and no others: none is named, it is well again. */
function faultsOf(words: readonly string[]): Faults {
  const faults: Record<string, number | boolean> = {};
  for (let at = 0; at < words.length; at += 1) {
    const name = words[at] ?? "";
    if (!Object.hasOwn(FAULTS, name))
      throw wrong(`"${name}" is no fault`, `There are ${Object.keys(FAULTS).join(", ")}.`);
    const range = FAULTS[name as keyof Faults];
    if (!range) {
      faults[name] = true;
      continue;
    }
    at += 1;
    const value = Number(words[at] ?? "none");
    if (!(value >= range[0] && value <= range[1]))
      throw wrong(`${name} wants a number`, `From ${range[0]} to ${range[1]}.`);
    faults[name] = value;
  }
  return faults;
}
