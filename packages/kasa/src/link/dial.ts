/**
 * Finds a way to a device: where and how it was last reached; else where and how it says, asked over the network, that it is reached now (its
 * address changed, or its firmware speaks another protocol); else, where its network swallows such questions, the ways it might speak. Where
 * somebody just saw it goes before all of these.
 */
import { connect } from "node:net";
import { hasCode, messageOf, SkeinError, sleep } from "@skein/kit";
import type { Attempt } from "../diagnosis";
import type { Discovery } from "../discovery/discovery";
import type { Sighting } from "../discovery/sighting";
import { addressOf } from "../failure";
import type { Family, Reading } from "../families/family";
import { identify } from "../families/identify";
import { openSession, type OpenParts } from "../open-session";
import type { Endpoint, Protocol, Session } from "../protocol";

export interface Way {
  readonly endpoint: Endpoint;
  readonly protocol: Protocol;
}

export interface Connected {
  readonly session: Session;
  readonly family: Family;
  readonly readings: readonly Reading[];
}

export interface DialParts extends OpenParts {
  readonly discovery: Discovery;
}

/** How long the network is asked for one device at most, ms: as long as one may take to answer. */
const ASK_MS = 1500;

/** How often it is dialled when another client takes the session away, and the longest pause between, ms. */
const TIMES_IF_TAKEN = 3;
const TAKEN_PAUSE_MS = 250;

/** Where a device is looked for first. */
export interface Ways {
  /** Where and how it was last reached. */
  readonly known?: Way | undefined;
  /** Where and how it said since then, asked at an address that no search reaches, that it is reached. */
  readonly sighted?: Way | undefined;
}

export interface Dialled {
  readonly connected?: Connected;
  readonly tried: readonly Attempt[];
}

/**
 * Two clients that both look every few seconds get into each other's handshakes; a moment later each gets through.
 * @throws the signal's reason when it is aborted
 */
export async function dial(id: string, ways: Ways, parts: DialParts): Promise<Dialled> {
  const { clock, random, signal } = parts;
  for (let time = 1; ; time++) {
    const dialled = await dialOnce(id, ways, parts);
    const taken = !dialled.connected && dialled.tried.some(({ answer }) => answer === "KASA_SESSION_TAKEN");
    if (!taken || time === TIMES_IF_TAKEN) return dialled;
    await sleep(clock, TAKEN_PAUSE_MS * (0.25 + 0.75 * random.next()), signal);
  }
}

async function dialOnce(id: string, { known, sighted }: Ways, parts: DialParts): Promise<Dialled> {
  const tried: Attempt[] = [];
  const attempt = (way: Way) => tryWay(id, way, parts, tried);
  if (sighted) {
    tried.unshift(seenAt(sighted, parts.clock.now()));
    const connected = await attempt(sighted);
    if (connected) return { connected, tried };
  }
  if (known) {
    const connected = await attempt(known);
    if (connected) return { connected, tried };
  }
  const { seen, stranger } = await look(id, known, parts, tried);
  if (seen) {
    const before = tried.find((each) => each.address === addressOf(seen.endpoint) && each.protocol === seen.protocol);
    // What was refused before it answered to the search may have been a lamp that was starting: the answer is the newer word.
    const connected = before && before.answer !== "KASA_UNREACHABLE" ? undefined : await attempt(seen);
    return connected ? { connected, tried } : { tried };
  }
  if (known && stranger) {
    // What somebody else at its old address said to us, a refused password above all, is not about this device.
    const attempt = { protocol: known.protocol, address: addressOf(known.endpoint), at: parts.clock.now() };
    const asked = tried.filter(({ protocol }) => protocol === "discovery");
    return { tried: [{ ...attempt, answer: "KASA_OTHER_DEVICE", text: standsAnother(attempt.address) }, ...asked] };
  }
  if (known) {
    const { host } = known.endpoint;
    for (const way of OTHER_WAYS) {
      if (way.port === known.endpoint.port || !(await isListening(host, way.port, parts.signal))) continue;
      const connected = await attempt({ endpoint: { host, port: way.port }, protocol: way.protocol });
      if (connected) return { connected, tried };
    }
  }
  return { tried };
}

const standsAnother = (address: string): string => `at ${address} stands another device now.`;

const OTHER_WAYS: readonly { port: number; protocol: Protocol }[] = [
  { port: 9999, protocol: "xor" },
  { port: 80, protocol: "klap-v2" },
];

async function tryWay(id: string, way: Way, parts: DialParts, tried: Attempt[]): Promise<Connected | undefined> {
  const address = addressOf(way.endpoint);
  const attempt = { protocol: way.protocol, address, at: parts.clock.now() };
  let session: Session | undefined;
  try {
    session = await openSession(way.endpoint, way.protocol, parts);
    const family = await identify(session);
    const exchange = family.readings();
    const readings = exchange.read(await session.request(exchange.request));
    if (!readings.some(({ info }) => info.id === id || info.parent === id))
      throw new SkeinError("KASA_OTHER_DEVICE", standsAnother(address));
    tried.unshift({ ...attempt, answer: "ok", text: "connected." });
    return { session, family, readings };
  } catch (error) {
    session?.close();
    parts.signal.throwIfAborted();
    tried.unshift({ ...attempt, answer: hasCode(error) ? error.code : "KASA_GARBAGE", text: messageOf(error) });
    return undefined;
  }
}

function seenAt({ endpoint, protocol }: Way, at: number): Attempt {
  const address = addressOf(endpoint);
  return {
    protocol: "discovery",
    at,
    address,
    answer: "ok",
    text: `it says that it speaks ${protocol} at ${address}.`,
  };
}

interface Looked {
  /** Where and how it says that it is reached. */
  readonly seen?: Way;
  /** Whether another device answers from where it was. */
  readonly stranger: boolean;
}

async function look(id: string, known: Way | undefined, parts: DialParts, tried: Attempt[]): Promise<Looked> {
  const attempt = { protocol: "discovery", at: parts.clock.now() } as const;
  let stranger = false;
  try {
    const hosts = known ? [known.endpoint.host] : [];
    const waitMs = Math.min(ASK_MS, parts.answerMs);
    const until = (sighting: Sighting) => sighting.id === id;
    const sightings = await parts.discovery.ask({ waitMs, hosts, until, signal: parts.signal });
    const found = sightings.find(until);
    stranger = !found && sightings.some(({ endpoint }) => endpoint.host === known?.endpoint.host);
    if (!found) throw new SkeinError("KASA_NOT_FOUND", "it does not answer when the network is asked for it.");
    tried.unshift(seenAt(found, attempt.at));
    return { seen: found, stranger };
  } catch (error) {
    parts.signal.throwIfAborted();
    // A network that cannot be asked (no route, no interface) finds nobody either.
    tried.unshift({ ...attempt, address: "network", answer: "KASA_NOT_FOUND", text: messageOf(error) });
    return { stranger };
  }
}

/** A port that refuses or is silent is not worth a handshake. */
function isListening(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 500, signal });
    const end = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}
