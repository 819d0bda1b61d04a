import type { VirtualFollower } from "@skein/virtual-home";

/** The demo's eight hosts, three of them with made-up senses for the privacy switch. Ids stay: the flows and the README name some of them. */
export const DEMO_FOLLOWERS: readonly VirtualFollower[] = [
  { id: "attic", name: "Attic" },
  { id: "bedroom", name: "Bedroom" },
  { id: "garage", name: "Garage" },
  { id: "garden", name: "Garden" },
  { id: "hall", name: "Hall", senses: { camera: "Camera over the door (made up)" } },
  { id: "kitchen", name: "Kitchen", senses: { microphone: "Microphone (made up)" } },
  {
    id: "living-room",
    name: "Living room",
    senses: { camera: "Camera (made up)", microphone: "Microphone (made up)" },
  },
  { id: "workshop", name: "Workshop" },
];
