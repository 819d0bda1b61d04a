/** What the node's dialog asks of the node: what there is to choose from, and buttons that act at once. */
import type { Offers } from "./config";
import { lightHouse } from "./testing/light-house";

describe("the dialog of the kasa light node", () => {
  const { asked, changes, load, request } = lightHouse();

  it("offers rooms, groups, devices and scenes as they are now", async () => {
    await load();
    const { body } = (await request("offers?bus=bus&direct=").expect(200)) as { body: Offers };
    expect(body).toEqual({
      devices: [
        { id: "fridge", name: "fridge", virtual: false, room: "Kitchen", note: "on" },
        { id: "lamp", name: "Lamp", virtual: false, room: "Kitchen", note: "on" },
        { id: "strip", name: "strip", virtual: false, room: "Kitchen", note: "off" },
      ],
      rooms: [{ id: "kitchen", name: "Kitchen", devices: ["Lamp", "strip", "fridge"] }],
      groups: [{ id: "movie", name: "Movie", devices: ["strip"] }],
      scenes: [{ id: "movie", name: "Movie" }],
    });
  });

  it("looks again, switches, and has a light blink", async () => {
    await load();
    await request("look", "post").send({ bus: "bus" }).expect(200, { found: 0 });
    expect(asked()).toEqual([{ action: "discover" }]);
    await request("n/switch", "post").expect(200);
    await request("n/blink", "post").expect(200);
    expect(changes().flat()).toEqual([
      { device: "lamp", set: { on: false } },
      { device: "lamp", set: { on: true } },
      { device: "lamp", set: { on: false } },
    ]);
    await request("gone/switch", "post").expect(404);
  });
});
