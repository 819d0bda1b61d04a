/** What the node says of its own accord: what somebody did elsewhere, once, and never what only seems to be news. */
import { systemClock } from "@skein/kit";
import helper from "node-red-node-test-helper";
import { eventually, until } from "../../../test/support/eventually";
import { busDeskOf } from "./bus-desk";
import { codes, flow, lightHouse } from "./testing/light-house";

describe("the second output of the kasa light node", () => {
  const lights = lightHouse();
  const { publish, elsewhere, enterLeader, leaveLeader, load, collect, status, send } = lights;
  const stands = (state: object) =>
    eventually(() => expect(busDeskOf(lights.bus, systemClock).get("lamp")?.state).toMatchObject(state));

  it("tells what a hand on the wall switch did, with what was before; not what was ordered, nor the first reading", async () => {
    await load();
    const heard = collect("elsewhere");
    await publish("lamp", { state: { on: true, brightness: 60 }, cause: { kind: "command", issuer: "page" } });
    await publish("lamp", { state: { on: true, brightness: 70 }, cause: { kind: "first" } });
    await elsewhere("strip", { on: true, brightness: 70 });
    await elsewhere("lamp", { on: false, brightness: 70 });
    await until(() => heard.length > 0);
    expect(heard).toMatchObject([
      {
        topic: "devices/lamp",
        payload: { id: "lamp", name: "Lamp", on: false, brightness: 70, before: { on: true, brightness: 70 } },
        skein: { from: "leader", cause: "elsewhere" },
      },
    ]);
    expect(heard[0]).not.toHaveProperty("initial");
    // The leader says its states again at every connection.
    await elsewhere("lamp", { on: false, brightness: 70 });
    await stands({ on: false });
    expect(heard).toHaveLength(1);
  });

  it.each(["full", "nodes"] as const)("is silent at a redeploy of kind %s", async (type) => {
    await load();
    const before = collect("elsewhere");
    await elsewhere("lamp", { on: false });
    await until(() => before.length === 1);
    await helper.setFlows(flow({ name: "changed" }) as never, type);
    const heard = collect("elsewhere");
    await stands({ on: false });
    await elsewhere("lamp", { on: true });
    await until(() => heard.length > 0);
    expect(heard).toMatchObject([{ payload: { on: true } }]);
  });

  it("tells what a hand did while it was away for a redeploy", async () => {
    await load();
    const heard = collect("elsewhere");
    let letGo = (): void => {};
    const away = new Promise<void>((resolve) =>
      helper.getNode("n").on("close", (_removed: boolean, done: () => void) => {
        letGo = done;
        resolve();
      }),
    );
    const deployed = helper.setFlows(flow({ name: "changed" }) as never, "nodes");
    await away;
    await elsewhere("lamp", { on: false });
    await stands({ on: false });
    expect(heard).toEqual([]);
    letGo();
    await deployed;
    await until(() => heard.length > 0);
    expect(heard).toMatchObject([{ payload: { id: "lamp", on: false } }]);
  });

  it("is silent when the leader comes back, and shows meanwhile that nobody knows", async () => {
    await load();
    const [heard, caught] = [collect("elsewhere"), collect("caught")];
    await elsewhere("lamp", { on: false });
    await until(() => heard.length === 1);
    await leaveLeader();
    await eventually(() => expect(status()).toMatchObject({ fill: "grey", shape: "ring" }));
    send("on");
    await eventually(() => expect(codes(caught)).toEqual(["LEADER_ABSENT"]));
    await enterLeader();
    await stands({ on: true, brightness: 40 });
    await eventually(() => expect(status()).toMatchObject({ fill: "green" }));
    expect(heard).toHaveLength(1);
  });

  it("tells how each stands at deploy when that is wanted, once", async () => {
    await load(flow({ targets: ["room:kitchen"], sendInitial: true }), false);
    const heard = collect("elsewhere");
    await until(() => heard.length >= 3);
    expect(heard.map(({ topic, initial }) => [topic, initial])).toEqual([
      ["devices/lamp", true],
      ["devices/strip", true],
      ["devices/fridge", true],
    ]);
  });
});
