/** Web Push for this browser: asked of it, told to the leader, and taken back. The service worker shows what comes. */
import { ApiError } from "./api/api-error";
import type { Api } from "./api/client";
import type { Keep } from "./memory/storage";

export type Push = Pick<PushManager, "getSubscription" | "subscribe">;

/** Undefined where there is none: an old browser, a page without TLS, an iPhone on which the page is not installed. */
export async function pushManager(browser: Navigator = navigator): Promise<Push | undefined> {
  // Types say that there always is one.
  const workers = browser.serviceWorker as ServiceWorkerContainer | undefined;
  const registration = (await workers?.getRegistration()) as
    (ServiceWorkerRegistration & { pushManager?: Push }) | undefined;
  return registration?.pushManager;
}

/** @throws ApiError PUSH_DENIED when the browser's user does not want it, and what the leader says; then the browser asks for nothing */
export async function askForPush(api: Api, publicKey: string, denied: string, push?: Push): Promise<void> {
  const manager = push ?? (await pushManager());
  const subscription = await manager
    ?.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
    .catch((cause: unknown) => {
      throw new ApiError(
        0,
        "PUSH_DENIED",
        cause instanceof Error && cause.name !== "NotAllowedError" ? cause.message : denied,
      );
    });
  if (!subscription) throw new ApiError(0, "PUSH_DENIED", denied);
  try {
    await api.post("notices/push-subscriptions", subscription.toJSON());
  } catch (error) {
    await subscription.unsubscribe();
    throw error;
  }
}

/**
 * First the leader, which knows it by what is posted: one that it does not know is made and removed. The browser's part ends even when
 * the leader's cannot: what is sent there then is refused, and the leader forgets it.
 */
export async function endPush(api: Api, push?: Push): Promise<void> {
  const subscription = await (push ?? (await pushManager()))?.getSubscription();
  if (!subscription) return;
  try {
    const { id } = await api.post<{ id: string }>("notices/push-subscriptions", subscription.toJSON());
    await api.delete(`notices/push-subscriptions/${encodeURIComponent(id)}`);
  } finally {
    await subscription.unsubscribe();
  }
}

const KEY = "skein.account";

/**
 * At every visit of somebody who is logged in. Their notices go on though a login ended by its age or in another place: the leader is
 * told again, since it keeps a subscription no longer than the login that somebody ended. Somebody else is not to get them.
 */
export async function renewPush(api: Api, account: string, storage: Keep, push?: Push): Promise<void> {
  const before = storage.getItem(KEY) ?? account;
  storage.setItem(KEY, account);
  const subscription = await (push ?? (await pushManager()))?.getSubscription();
  if (!subscription) return;
  if (before === account) await api.post("notices/push-subscriptions", subscription.toJSON());
  else await subscription.unsubscribe();
}
