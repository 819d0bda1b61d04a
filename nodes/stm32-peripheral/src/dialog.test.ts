/** What the node's dialog asks of the node: the boards with their channels, a value now, a safe stop. */
import type { Offers } from "./config";
import { flow, hubHouse, lamp, room } from "./testing/hub-house";

describe("the dialog of the stm32 peripheral node", () => {
  const { asked, load, request } = hubHouse();

  it("offers the boards and what their channels are, with how they stand", async () => {
    await load();
    const { body } = (await request("offers?bus=bus&direct=").expect(200)) as { body: Offers };
    expect(body.boards).toMatchObject([{ id: "hub-1", name: "nucleo-f446re", virtual: false }]);
    expect(body.boards[0]?.channels).toMatchObject([
      { ...lamp, value: 0 },
      { name: "Motor", needsArm: true },
      { ...room, value: 21.5 },
      { name: "Button" },
    ]);
  });

  it("reads now, makes safe, and says when there is nothing deployed", async () => {
    await load();
    await request("n/read", "post").expect(200, { text: "21.5 °C" });
    await request("n/safe", "post").expect(200);
    expect(asked()).toEqual([{ action: "read", channel: 3 }, { action: "safe" }]);
    await request("gone/read", "post").expect(404);
  });

  it("says that a channel must be chosen before one is read", async () => {
    await load(flow({ channel: "" }));
    const { body } = (await request("n/read", "post").expect(400)) as { body: { code: string } };
    expect(body.code).toBe("HUB_TARGET_MISSING");
  });
});
