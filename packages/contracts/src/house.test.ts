import { REGISTRY_LIMITS, registryView } from "./api/registry";
import { roomCreate } from "./api/registry";
import { houseState } from "./house";

const ID = (n: number) => `${n}`.padStart(63, "a");

it("fits into its message with as much as the registry takes, in the longest words", () => {
  const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));
  // Three bytes in UTF-8, the most that a character of a name's length takes.
  const name = "\u0B95".repeat(60);
  const full = registryView.parse({
    rooms: many(REGISTRY_LIMITS.rooms, (n) => ({ id: ID(n), name, private: false })),
    residents: many(REGISTRY_LIMITS.residents, (n) => ({ id: ID(n), name })),
    places: many(REGISTRY_LIMITS.places, (n) => ({ kind: "follower", id: ID(n), room: ID(n), name })),
  });
  const envelopeBytes = 4096;
  expect(Buffer.byteLength(JSON.stringify(full)) + envelopeBytes).toBeLessThan(houseState.maxBytes);
});

it.each(["a\nb", "\u0000", "bell\u0007", "\uD800", "   ", "x".repeat(61)])("takes no name like %j", (name) =>
  expect(roomCreate.safeParse({ name }).success).toBe(false),
);
it("takes names of every language", () =>
  expect(roomCreate.parse({ name: " Küche 厨房 🍳 " }).name).toBe("Küche 厨房 🍳"));
