/** The demo's eight hosts. Ids stay: the flows and the README name some of them. */
export const DEMO_FOLLOWERS = [
  { id: "attic", name: "Attic" },
  { id: "bedroom", name: "Bedroom" },
  { id: "garage", name: "Garage" },
  { id: "garden", name: "Garden" },
  { id: "hall", name: "Hall" },
  { id: "kitchen", name: "Kitchen" },
  { id: "living-room", name: "Living room" },
  { id: "workshop", name: "Workshop" },
] as const;
