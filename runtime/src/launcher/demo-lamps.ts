/** The demo's six lamps: one of each way to speak to them. The last is left for *Add light* to find. */
import type { VirtualLamp } from "@skein/virtual-home";

type Lamp = Omit<VirtualLamp, "host"> & {
  /** Where core puts it at the demo's first start; undefined: nowhere, it is only found. */ readonly room?: string;
};

const LAMPS: readonly Lamp[] = [
  { name: "Sofa lamp", kind: "bulb", family: "iot", protocol: "xor", mac: "50:C7:BF:D0:00:01", room: "Living room" },
  { name: "Bookshelf", kind: "strip", family: "iot", protocol: "xor", mac: "50:C7:BF:D0:00:02", room: "Living room" },
  { name: "Stairs", kind: "dimmer", family: "iot", protocol: "xor", mac: "50:C7:BF:D0:00:03", room: "Hall" },
  { name: "Bedside", kind: "bulb", family: "smart", protocol: "klap-v2", mac: "50:C7:BF:D0:00:04", room: "Bedroom" },
  {
    name: "Fridge",
    kind: "plug",
    family: "iot",
    protocol: "klap-v1",
    mac: "50:C7:BF:D0:00:05",
    energy: true,
    room: "Kitchen",
  },
  { name: "Porch", kind: "bulb", family: "iot", protocol: "klap-v1", mac: "50:C7:BF:D0:00:06" },
];

/** Each at an address of its own, as on a LAN; of two demos on one machine, which have other broker ports, each has its own six. */
export const demoLamps = (brokerPort: number): readonly (Lamp & VirtualLamp)[] =>
  LAMPS.map((lamp, index) => ({ ...lamp, host: `127.${brokerPort >> 8}.${brokerPort & 255}.${index + 11}` }));
