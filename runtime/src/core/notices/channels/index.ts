/** The channels that are switched on, made from the settings. A new one is a file here and a line below. */
import type { NoticeSettings } from "../settings";
import type { Channel } from "./channel";
import { emailChannel } from "./email";
import { ntfyChannel } from "./ntfy";
import type { PushSubscriptions } from "./push-subscriptions";
import { webPushChannel } from "./web-push";

export * from "./channel";
export * from "./push-subscriptions";

export const createChannels = (
  settings: NoticeSettings,
  house: string,
  subscriptions: PushSubscriptions,
): Channel[] => [
  ...(settings.ntfy ? [ntfyChannel(settings.ntfy)] : []),
  ...(settings.email ? [emailChannel(settings.email, house)] : []),
  ...(settings.webPush.enabled ? [webPushChannel(settings.webPush, subscriptions)] : []),
];
