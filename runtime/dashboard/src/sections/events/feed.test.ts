import type { EventsPage, EventView } from "@skein/contracts";
import { ApiError } from "../../api/api-error";
import { createFeed } from "./feed";

const event = (id: number, type = "login"): EventView => ({
  id,
  at: id,
  type,
  severity: "info",
  audit: true,
  text: "",
});

/** An API whose answers a test gives one by one, in the order it likes. */
function scripted(mostLive?: number) {
  const asked: { path: string; answer: (page: EventsPage) => void; refuse: (error: Error) => void }[] = [];
  const get = <T>(path: string): Promise<T> =>
    new Promise((resolve, reject) => {
      asked.push({ path, answer: (page) => resolve(page as T), refuse: reject });
    });
  return { asked, feed: createFeed({ get }, 2, mostLive) };
}
const ids = (feed: ReturnType<typeof scripted>["feed"]) => feed.events.value.map(({ id }) => id);

describe("the feed of events", () => {
  it("goes back page by page by the cursor, to the end", async () => {
    const { asked, feed } = scripted();
    const shown = feed.show({ severity: ["info"] });
    asked[0]?.answer({ events: [event(9), event(8)], next: 8 });
    await shown;
    const older = feed.more();
    asked[1]?.answer({ events: [event(7)] });
    await older;
    expect(asked.map(({ path }) => path)).toEqual([
      "events?limit=2&severity=info",
      "events?limit=2&cursor=8&severity=info",
    ]);
    expect([ids(feed), feed.state.value]).toEqual([[9, 8, 7], "end"]);
    await feed.more();
    expect(asked).toHaveLength(2);
  });

  it("puts what happens on top, once, and only what the filters want", async () => {
    const { asked, feed } = scripted();
    const shown = feed.show({ type: ["login"] });
    asked[0]?.answer({ events: [event(8)] });
    await shown;
    feed.happened(event(9));
    feed.happened(event(9));
    feed.happened(event(10, "notice"));
    expect(ids(feed)).toEqual([9, 8]);
  });

  it("loses nothing that happens while the first page is on its way", async () => {
    const { asked, feed } = scripted();
    const shown = feed.show({});
    feed.happened(event(9));
    feed.happened(event(10));
    asked[0]?.answer({ events: [event(9), event(8)] });
    await shown;
    expect(ids(feed)).toEqual([10, 9, 8]);
  });

  it("keeps so many of what happens, and asks again for what it let go", async () => {
    const { asked, feed } = scripted(3);
    const shown = feed.show({});
    asked[0]?.answer({ events: [event(1)] });
    await shown;
    for (const id of [2, 3, 4, 5, 6]) feed.happened(event(id));
    expect([ids(feed), feed.state.value]).toEqual([[6, 5, 4, 3], "more"]);
    const older = feed.more();
    expect(asked[1]?.path).toBe("events?limit=2&cursor=3");
    asked[1]?.answer({ events: [event(2), event(1)] });
    await older;
    expect([ids(feed), feed.state.value]).toEqual([[6, 5, 4, 3, 2, 1], "end"]);
  });

  it("lets a late answer to an older question overwrite nothing", async () => {
    const { asked, feed } = scripted();
    const first = feed.show({});
    const second = feed.show({ type: ["login"] });
    asked[1]?.answer({ events: [event(2)] });
    asked[0]?.answer({ events: [event(1)] });
    await Promise.all([first, second]);
    expect(ids(feed)).toEqual([2]);
  });

  it("keeps what it shows while the leader is away, and nothing once it refuses", async () => {
    const { asked, feed } = scripted();
    const shown = feed.show({});
    asked[0]?.answer({ events: [event(2)], next: 2 });
    await shown;
    const away = feed.show({});
    asked[1]?.refuse(new ApiError(0, "LEADER_NO_ANSWER", "no"));
    await away;
    expect([ids(feed), feed.state.value]).toEqual([[2], "failed"]);
    const refused = feed.show({ audit: "only" });
    asked[2]?.refuse(new ApiError(403, "ACCESS_DENIED", "no"));
    await refused;
    expect([ids(feed), feed.error.value]).toEqual([[], expect.objectContaining({ code: "ACCESS_DENIED" })]);
  });
});
