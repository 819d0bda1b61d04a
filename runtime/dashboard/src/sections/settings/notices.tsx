import { useSignal } from "@preact/signals";
import type { NoticeChannelsView, NoticeView } from "@skein/contracts";
import { useEffect } from "preact/hooks";
import { useResource } from "../../api/use-resource";
import { careWords } from "../../care/care-words";
import { dateTime } from "../../i18n/format";
import { language } from "../../i18n/language";
import { askForPush, endPush, pushManager } from "../../push";
import { icons } from "../../view/icons";
import { Loaded } from "../../view/loaded";
import { Failure, OrderButton, ordered, useOrderDesk } from "../../view/orders";
import { usePage } from "../../view/page";
import type { SettingsPage } from "./settings-page";
import { settingsWords } from "./words";

export const notices: SettingsPage = {
  id: "notices",
  title: () => settingsWords().notices,
  icon: icons.bell,
  role: "viewer",
  view: Notices,
};

/** The ways by which the house reaches people, past whose server each goes, and what became of the last notice by it. */
function Notices() {
  const { api, session } = usePage();
  const words = settingsWords();
  const desk = useOrderDesk();
  const sent = useResource("notices");
  const test = ordered(async () => {
    await api.post("notices/test");
    await sent.refresh();
  });
  return (
    <>
      <p class="hint">{words.noticesText}</p>
      <section class="tile">
        <Loaded from={useResource("notices/channels")}>
          {({ channels }) => (
            <ul class="entries">
              {channels.map((channel) => (
                <Channel key={channel.name} {...channel} last={lastBy(sent.value.value ?? [], channel.name)} />
              ))}
            </ul>
          )}
        </Loaded>
        {session.may("operator") && (
          <div class="buttons">
            <OrderButton desk={desk} label={words.testNotice} about={words.notices} order={test} />
          </div>
        )}
        <Failure desk={desk} />
      </section>
      <p class="hint">{words.webPushText}</p>
      <ThisBrowser />
    </>
  );
}

/** Nothing where the house has Web Push off, or the browser cannot: only what may be done is offered. */
function ThisBrowser() {
  const { api } = usePage();
  const words = settingsWords();
  const desk = useOrderDesk();
  const publicKey = useSignal<string | undefined>(undefined);
  const told = useSignal<boolean | undefined>(undefined);
  useEffect(() => {
    const look = async () => {
      const { webPush } = await api.get<NoticeChannelsView>("notices/channels");
      const push = await pushManager();
      if (!webPush.on || !push) return;
      told.value = (await push.getSubscription()) !== null;
      publicKey.value = webPush.publicKey;
    };
    // The list above says already that the leader does not answer.
    void look().catch(() => {});
  }, [api, publicKey, told]);
  const key = publicKey.value;
  if (key === undefined) return null;
  const turn = ordered(async () => {
    try {
      if (told.value) await endPush(api);
      else await askForPush(api, key, words.pushDenied);
    } finally {
      // Half of it may have gone well: what the button offers is what the browser has.
      told.value = ((await (await pushManager())?.getSubscription()) ?? null) !== null;
    }
  });
  return (
    <div class="buttons">
      <OrderButton desk={desk} label={told.value ? words.pushOff : words.pushOn} about={words.pushAbout} order={turn} />
      <Failure desk={desk} />
    </div>
  );
}

const lastBy = (list: readonly NoticeView[], channel: string): NoticeView | undefined =>
  list.filter(({ sent }) => channel in sent).toSorted((a, b) => b.at - a.at)[0];

type Way = NoticeChannelsView["channels"][number];

function Channel({ name, passes, least, last }: Way & { last: NoticeView | undefined }) {
  const words = settingsWords();
  const { states } = careWords();
  const sent = last?.sent[name];
  const known = words.channelPasses[name];
  return (
    <li class="entry" data-channel={name}>
      <div class="entry-text">
        <strong>{words.channels[name] ?? name}</strong>
        <p {...(known === undefined && language.value !== "en" ? { lang: "en" } : {})}>{known ?? passes}</p>
        <p class="hint">{words.channelLeast[least]}</p>
        <p class="hint">{last && sent ? told(last.at, sent) : words.channelUnused}</p>
      </div>
      {sent && <span class={`check-state ${sent.ok ? "ok" : "bad"}`}>{states[sent.ok ? "ok" : "bad"]}</span>}
    </li>
  );
}

function told(at: number, { ok, detail }: NoticeView["sent"][string]): string {
  const words = settingsWords();
  return ok ? words.channelWorks(dateTime(at)) : words.channelFailed(dateTime(at), detail ?? "");
}
