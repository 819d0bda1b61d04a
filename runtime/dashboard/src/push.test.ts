import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { ApiError } from "./api/api-error";
import type { Api } from "./api/client";
import { askForPush, endPush, renewPush, type Push } from "./push";

const json = { endpoint: "https://push.example/1", keys: { p256dh: "p", auth: "a" } };

/** A browser that is or is not told, and a leader that notes what it is asked. */
function stage({ refuses = false, denied = false, told = false } = {}) {
  const asked: string[] = [];
  let subscribed = told;
  const subscription = {
    toJSON: () => json,
    unsubscribe: async () => {
      subscribed = false;
      return true;
    },
  } as unknown as PushSubscription;
  const push: Push = {
    getSubscription: async () => (subscribed ? subscription : null),
    async subscribe(options) {
      if (denied) throw Object.assign(new Error("no"), { name: "NotAllowedError" });
      asked.push(`subscribe ${JSON.stringify(options)}`);
      subscribed = true;
      return subscription;
    },
  };
  const api = {
    async post(path: string, body: unknown) {
      asked.push(`post ${path} ${JSON.stringify(body)}`);
      if (refuses) throw new ApiError(409, "PUSH_OFF", "off");
      return { id: "s1" };
    },
    delete: async (path: string) => void asked.push(`delete ${path}`),
  } as unknown as Api;
  return { asked, push, api, isSubscribed: () => subscribed };
}

describe("Web Push for this browser", () => {
  it("is asked of it with the house's key, and told to the leader", async () => {
    const { asked, push, api } = stage();
    await askForPush(api, "key", "denied", push);
    expect(asked).toEqual([
      'subscribe {"userVisibleOnly":true,"applicationServerKey":"key"}',
      `post notices/push-subscriptions ${JSON.stringify(json)}`,
    ]);
  });

  it("is not left on in the browser when the leader does not take it", async () => {
    const { push, api, isSubscribed } = stage({ refuses: true });
    await expect(askForPush(api, "key", "denied", push)).rejects.toMatchObject({ code: "PUSH_OFF" });
    expect(isSubscribed()).toBe(false);
  });

  it("says so in words when the browser's user does not want it", async () => {
    const { asked, push, api } = stage({ denied: true });
    await expect(askForPush(api, "key", "denied", push)).rejects.toMatchObject({ message: "denied" });
    expect(asked).toEqual([]);
  });

  it("is taken back in both places", async () => {
    const { asked, push, api, isSubscribed } = stage({ told: true });
    await endPush(api, push);
    expect([asked.at(-1), isSubscribed()]).toEqual(["delete notices/push-subscriptions/s1", false]);
  });
});

describe("Web Push at the end of a login", () => {
  it("ends in the browser even when the leader cannot be told", async () => {
    const { push, api, isSubscribed } = stage({ told: true, refuses: true });
    await expect(endPush(api, push)).rejects.toMatchObject({ code: "PUSH_OFF" });
    expect(isSubscribed()).toBe(false);
  });

  it("is told again when the same account comes back, and ends in the browser when another comes", async () => {
    const { asked, push, api, isSubscribed } = stage({ told: true });
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    const told = `post notices/push-subscriptions ${JSON.stringify(json)}`;
    await renewPush(api, "ada", storage, push);
    await renewPush(api, "ada", storage, push);
    expect([asked, isSubscribed()]).toEqual([[told, told], true]);
    await renewPush(api, "ben", storage, push);
    expect([asked, isSubscribed()]).toEqual([[told, told], false]);
  });
});

describe("the service worker", () => {
  const source = readFileSync(join(__dirname, "service-worker.js"), "utf8");
  /** As a browser runs it, with what it shows and opens noted. */
  const start = () => {
    const listeners = new Map<string, (event: object) => void>();
    const done: string[] = [];
    const scope = "http://leader.home/";
    const self = {
      addEventListener: (name: string, listener: (event: object) => void) => void listeners.set(name, listener),
      registration: {
        scope,
        showNotification: async (title: string, { body, tag }: { body: string; tag: string }) =>
          void done.push(`show ${title} / ${body} / ${tag}`),
      },
      clients: {
        matchAll: async () => [{ url: "http://leader.home/#/home", focus: async () => void done.push("focus") }],
        openWindow: async (url: string) => void done.push(`open ${url}`),
      },
    };
    runInNewContext(source, { self, URL, caches: {}, fetch: () => {}, Request, Response });
    const send = async (name: string, event: object) => {
      let waited: Promise<unknown> = Promise.resolve();
      listeners.get(name)?.({ ...event, waitUntil: (work: Promise<unknown>) => (waited = work) });
      await waited;
    };
    return { done, send };
  };

  it.each`
    sent                                           | shown
    ${{ id: "n", title: "Cellar", text: "Water" }} | ${"show Cellar / Water / n"}
    ${{ id: "n", text: "The wash is done." }}      | ${"show The wash is done. /  / n"}
  `("shows $shown", async ({ sent, shown }: { sent: object; shown: string }) => {
    const { done, send } = start();
    await send("push", { data: { json: () => sent } });
    expect(done).toEqual([shown]);
  });

  it("brings the page to the front when what it showed is pressed", async () => {
    const { done, send } = start();
    await send("notificationclick", { notification: { close: () => done.push("close") } });
    expect(done).toEqual(["close", "focus"]);
  });
});
