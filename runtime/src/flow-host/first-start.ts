/** The first thing a newcomer sees in the editor: not an empty sheet but a tab that already tells who in the house is alive. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FLOW_FILE } from "./settings";

/** Writes the first flow where there is none yet. True when it did. */
export function writeFirstFlow(dataDir: string): boolean {
  const file = join(dataDir, FLOW_FILE);
  if (existsSync(file)) return false;
  writeFileSync(file, `${JSON.stringify(firstFlow, null, 4)}\n`, { mode: 0o600 });
  return true;
}

const tab = "skein-first-tab";
const comment = (id: string, y: number, name: string, info: string) => ({
  id,
  type: "comment",
  z: tab,
  name,
  info,
  x: 200,
  y,
  wires: [],
});

const debug = (id: string, name: string, [x, y]: readonly [number, number], active: boolean) => ({
  id,
  type: "debug",
  z: tab,
  name,
  active,
  tosidebar: true,
  console: false,
  tostatus: false,
  complete: "payload",
  targetType: "msg",
  statusVal: "",
  statusType: "auto",
  x,
  y,
  wires: [],
});

export const firstFlow = [
  {
    id: tab,
    type: "tab",
    label: "1 Who is alive",
    disabled: false,
    info: "Every follower in the house, and a message whenever one of them dies or comes back.\n\nOpen the debug sidebar (the beetle, top right), then stop a follower or, in the demo, pull one's plug on the dashboard.",
  },
  {
    id: "skein-house-bus",
    type: "skein-bus",
    name: "",
    configVersion: 1,
    mode: "leader",
    url: "",
    identity: "",
    verify: true,
    judgeHere: false,
  },
  comment(
    "skein-first-c1",
    60,
    "A message when a follower dies or is back",
    "It comes out of the upper output of the heartbeat monitor and goes to the debug sidebar (the beetle, top right).\n\nDrag another monitor from the palette (group *Skein*): it works as it falls. Double click it to choose followers and states.",
  ),
  {
    id: "skein-first-monitor",
    type: "skein-heartbeat-monitor",
    z: tab,
    name: "all followers",
    configVersion: 1,
    bus: "skein-house-bus",
    followers: [],
    states: ["dead", "alive", "left"],
    sendInitial: false,
    x: 360,
    y: 140,
    wires: [["skein-first-changes"], ["skein-first-metrics"]],
  },
  debug("skein-first-changes", "died, or is back", [590, 120], true),
  debug("skein-first-metrics", "metrics", [560, 180], false),
  comment(
    "skein-first-c2",
    260,
    "Press the button: how is everybody now?",
    'Each state then goes to the debug sidebar. An empty message asks for all; `msg.payload = "cv-1"` for one.\n\n`msg.maintenance` (minutes) takes a follower out of judgement for a while.',
  ),
  {
    id: "skein-first-ask",
    type: "inject",
    z: tab,
    name: "who is there?",
    props: [],
    repeat: "",
    crontab: "",
    once: false,
    onceDelay: 0.1,
    topic: "",
    x: 110,
    y: 140,
    wires: [["skein-first-monitor"]],
  },
];
