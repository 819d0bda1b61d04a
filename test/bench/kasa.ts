/**
 * `npm run bench -- kasa [--seconds 6]`: what lights cost. Commands to one emulated lamp (in a process of its own), one after the other: our
 * client over XOR beside tplink-smarthome-api, which connects anew for each command, and beside a bare persistent socket; over KLAP beside
 * XOR. They run by turns in short rounds, so many seconds of each.
 * Then through a real leader (launcher, broker, core, flow host as processes): a press on the page, which is a PATCH, and a node's
 * command over the bus, each until the lamp has said yes; a scene over 50 lights until the last one has.
 */
import { house } from "./kasa.house";
import { lampsMain, startLamps, type Lamp } from "./kasa.lamps";
import { bareSocket, ours, race, smarthomeApi } from "./kasa.wire";

/** Of each, s. */
const ROUND_S = 0.25;
const TARGETS = { timesSmarthomeApi: 8, shareOfBareSocket: 0.8, pressP99Ms: 25, scene50Ms: 150 };

async function main(): Promise<void> {
  const at = process.argv.indexOf("--seconds");
  const seconds = at > 0 ? Number(process.argv[at + 1]) : 6;
  const length = { rounds: Math.max(5, Math.round(seconds / ROUND_S)), roundMs: ROUND_S * 1000 };
  const { lamps, stop } = await startLamps([{}, { protocol: "klap-v1" }, { protocol: "klap-v2", family: "smart" }]);
  const [xor, klap1, klap2] = lamps as [Lamp, Lamp, Lamp];
  const say = (what: string, rate: object) => console.log(`  ${what.padEnd(22)} ${JSON.stringify(rate)}`);
  const senders = {
    "ours, XOR": ours(xor, "xor"),
    "bare persistent socket": await bareSocket(xor),
    "tplink-smarthome-api": await smarthomeApi(xor),
    "ours, KLAP v1 (IOT)": ours(klap1, "klap-v1"),
    "ours, KLAP v2 (SMART)": ours(klap2, "klap-v2"),
  };
  const rates = await race(senders, length);
  for (const [name, rate] of Object.entries(rates)) say(name, rate);
  for (const sender of Object.values(senders)) await sender.close();
  stop();
  const through = await house(500, 30);
  say("through a leader", through);
  const { ofFirst: bare } = rates["bare persistent socket"] as { ofFirst: number };
  const { ofFirst: peer } = rates["tplink-smarthome-api"] as { ofFirst: number };
  const figures = {
    rates,
    timesSmarthomeApi: Number((1 / peer).toFixed(2)),
    shareOfBareSocket: Number((1 / bare).toFixed(3)),
    ...through,
  };
  const met =
    figures.timesSmarthomeApi >= TARGETS.timesSmarthomeApi &&
    figures.shareOfBareSocket >= TARGETS.shareOfBareSocket &&
    Math.max(through.pressP99Ms, through.busP99Ms) < TARGETS.pressP99Ms &&
    through.sceneMaxMs < TARGETS.scene50Ms;
  console.log(JSON.stringify({ bench: "kasa", figures, targets: TARGETS, met }));
  if (!met) process.exitCode = 1;
}

const lampsAt = process.argv.indexOf("--lamps");
if (lampsAt > 0) void lampsMain(JSON.parse(process.argv[lampsAt + 1] ?? "[]") as object[]);
else
  main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
