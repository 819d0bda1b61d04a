import type { NoticeView } from "@skein/contracts";
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
