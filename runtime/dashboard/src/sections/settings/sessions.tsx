import type { SessionView } from "@skein/contracts";
import type { ComponentChildren } from "preact";
import { useResource } from "../../api/use-resource";
import { dateTime } from "../../i18n/format";
import { icons } from "../../view/icons";
import { Loaded } from "../../view/loaded";
import { Failure, OrderButton, ordered, useOrderDesk } from "../../view/orders";
import { usePage } from "../../view/page";
import { browserName } from "./browser-name";
import type { SettingsPage } from "./settings-page";
import { settingsWords } from "./words";

export const sessions: SettingsPage = {
  id: "sessions",
  title: () => settingsWords().sessions,
  icon: icons.screen,
  role: "viewer",
  view: Sessions,
};

/** Where this account is logged in, and the way out. */
function Sessions() {
  const { api, session } = usePage();
  const words = settingsWords();
  const desk = useOrderDesk();
  const resource = useResource("sessions");
  const end = (id: string) =>
    ordered(async () => {
      await api.delete(`sessions/${encodeURIComponent(id)}`);
      await resource.refresh();
    });
  return (
    <section class="tile">
      <Loaded from={resource}>
        {(list) => (
          <ul class="entries">
            {list.map((each) => (
              <Session key={each.id} session={each}>
                {!each.current && (
                  <OrderButton desk={desk} label={words.logOut} about={browserName(each.agent)} order={end(each.id)} />
                )}
              </Session>
            ))}
          </ul>
        )}
      </Loaded>
      <div class="form-end">
        {resource.value.value?.every(({ current }) => current) ? (
          <p class="hint">{words.noOthers}</p>
        ) : (
          <OrderButton
            desk={desk}
            label={words.logOutElsewhere}
            about={session.me.value?.account.name ?? ""}
            order={end("others")}
          />
        )}
        <OrderButton
          desk={desk}
          label={words.logOutHere}
          about={session.me.value?.account.name ?? ""}
          tone="main"
          order={ordered(() => session.logout())}
        />
      </div>
      <Failure desk={desk} />
    </section>
  );
}

function Session({ session, children }: { session: SessionView; children: ComponentChildren }) {
  const words = settingsWords();
  return (
    <li class="entry">
      <div class="entry-text">
        <strong title={session.agent}>{browserName(session.agent) || words.unnamedBrowser}</strong>{" "}
        {session.current && <span class="badge">{words.thisBrowser}</span>}
        <p class="hint">{words.lastSeen(dateTime(session.lastSeenAt), session.address)}</p>
      </div>
      {children}
    </li>
  );
}
