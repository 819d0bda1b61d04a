import type { DeviceView, NoticeView } from "@skein/contracts";
import type { ApiError } from "./api-error";
import type { Api } from "./client";
import { createResources } from "./resources";

/** An API whose answers the test gives when it wants. */
function create() {
  const asked: { path: string; answer: (value: unknown) => void; fail: (error: unknown) => void }[] = [];
  const ask = (path: string) => new Promise((answer, fail) => asked.push({ path, answer, fail }));
  const resources = createResources({ get: ask, list: ask } as unknown as Api);
  return { resources, asked, notices: resources.of("notices") };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));
const list = (id: string) => [{ id }] as unknown as NoticeView[];

describe("a resource of the API", () => {
  it("is fetched when it is first shown, once for all that show it", async () => {
    const { notices, asked } = create();
    expect(asked).toHaveLength(0);
    notices.show();
    notices.show();
    expect(asked.map(({ path }) => path)).toEqual(["notices"]);
    asked[0]?.answer(list("n1"));
    await settled();
    expect(notices.value.value).toEqual(list("n1"));
    notices.show();
    expect(asked).toHaveLength(1);
  });

  it("is fetched again when it changed, at once if it is shown, else when it is", async () => {
    const { resources, notices, asked } = create();
    const hide = notices.show();
    asked[0]?.answer(list("n1"));
    await settled();
    resources.changed("notices");
    resources.changed("care");
    expect(asked.map(({ path }) => path)).toEqual(["notices", "notices"]);
    asked[1]?.answer(list("n2"));
    await settled();
    hide();
    resources.changed("notices");
    expect(asked).toHaveLength(2);
    notices.show();
    expect(asked).toHaveLength(3);
  });

  it("is asked for once more when it changed while an answer was under way", async () => {
    const { resources, notices, asked } = create();
    notices.show();
    resources.changed("notices");
    resources.changed("notices");
    asked[0]?.answer(list("old"));
    await settled();
    expect(asked).toHaveLength(2);
    asked[1]?.answer(list("new"));
    await settled();
    expect([notices.value.value, asked.length]).toEqual([list("new"), 2]);
  });

  it("keeps what was last known beside why it cannot be had", async () => {
    const { notices, asked } = create();
    notices.show();
    asked[0]?.answer(list("n1"));
    await settled();
    const again = notices.refresh();
    const reason = { code: "BUS_DOWN" } as ApiError;
    asked[1]?.fail(reason);
    await again;
    expect([notices.value.value, notices.error.value]).toEqual([list("n1"), reason]);
  });

  it("shows nobody what somebody else had asked for", async () => {
    const { resources, notices, asked } = create();
    notices.show();
    resources.forget();
    asked[0]?.answer(list("of the one before"));
    await settled();
    expect(notices.value.value).toBeUndefined();
  });
});

describe("the devices", () => {
  const device = (id: string, confirmedAt: number, on = false) =>
    ({ id, confirmedAt, state: { on } }) as unknown as DeviceView;
  const start = async (...devices: DeviceView[]) => {
    const { resources, asked } = create();
    const all = resources.of("devices");
    all.show();
    const answer = async (index: number, ...now: DeviceView[]) => {
      asked[index]?.answer({ devices: now, found: [], credentials: false });
      await settled();
    };
    await answer(0, ...devices);
    return { resources, asked, answer, shown: () => all.value.value?.devices };
  };

  it("take what the leader says of one, and ask anew where that seems older than what they have of it", async () => {
    const { resources, asked, answer, shown } = await start(device("a", 10), device("b", 10));
    resources.device(device("b", 20, true));
    expect(shown()).toEqual([device("a", 10), device("b", 20, true)]);
    expect(asked).toHaveLength(1);
    // The answer to an order from before the hand on the wall switch.
    resources.device(device("b", 15));
    expect(shown()?.[1]).toEqual(device("b", 20, true));
    expect(asked).toHaveLength(2);
    await answer(1, device("a", 10), device("b", 20, true));
    expect(shown()?.[1]).toEqual(device("b", 20, true));
  });

  it("are fetched anew for one that they do not know", async () => {
    const { resources, asked, answer, shown } = await start(device("a", 10));
    resources.device(device("new", 20));
    expect(asked).toHaveLength(2);
    await answer(1, device("a", 10), device("new", 20));
    expect(shown()).toHaveLength(2);
  });

  it("are fetched once more when one spoke while an answer was under way, which may be from before", async () => {
    const { resources, asked, answer, shown } = await start(device("a", 10));
    resources.changed("devices");
    resources.device(device("a", 30, true));
    await answer(1, device("a", 10));
    expect(asked).toHaveLength(3);
    await answer(2, device("a", 30, true));
    expect([shown(), asked.length]).toEqual([[device("a", 30, true)], 3]);
  });
});
