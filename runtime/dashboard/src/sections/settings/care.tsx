import type { CheckView } from "@skein/contracts";
import { useResource } from "../../api/use-resource";
import { careWords } from "../../care/care-words";
import { checkLanguage, checkSentence } from "../../care/sentence";
import { dateTime } from "../../i18n/format";
import { icons } from "../../view/icons";
import { Loaded } from "../../view/loaded";
import type { SettingsPage } from "./settings-page";
import { settingsWords } from "./words";

export const care: SettingsPage = {
  id: "care",
  title: () => settingsWords().care,
  icon: icons.care,
  role: "viewer",
  view: Care,
};

/** Worst first: what is well need not be read. */
const ORDER: readonly CheckView["state"][] = ["bad", "warn", "unknown", "ok"];

/** What the house looks after in itself, and how that is. */
function Care() {
  const words = settingsWords();
  const { checks, states } = careWords();
  const resource = useResource("care");
  return (
    <>
      <p class="hint">{words.careText}</p>
      <section class="tile">
        <Loaded from={resource}>
          {(view) => (
            <ul class="entries">
              {view.checks
                .toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))
                .map((check) => (
                  <li key={check.id} class="entry" data-check={check.id}>
                    <div class="entry-text">
                      <strong>{checks[check.id] ?? check.id}</strong>
                      <p lang={checkLanguage(check)}>{checkSentence(check)}</p>
                      <p class="hint">{words.careSince(dateTime(check.since))}</p>
                    </div>
                    <span class={`check-state ${check.state}`}>{states[check.state]}</span>
                  </li>
                ))}
            </ul>
          )}
        </Loaded>
      </section>
    </>
  );
}
