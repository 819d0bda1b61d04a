import { hrefTo } from "../../router";
import { icons } from "../../view/icons";
import { usePage } from "../../view/page";
import type { SectionProps } from "../section";
import { pages } from "./pages";
import { settingsWords } from "./words";

/** A list of pages and the chosen one: beside each other where there is room, else one after the other. */
export function SettingsView({ rest: [id] }: SectionProps) {
  const { session } = usePage();
  const words = settingsWords();
  const seen = pages.filter(({ role }) => session.may(role));
  const chosen = id === undefined ? undefined : seen.find((page) => page.id === id);
  const shown = chosen ?? seen[0];
  return (
    <div class={chosen ? "settings chosen" : "settings"}>
      <div class="settings-list">
        <h1>{words.title}</h1>
        <ul>
          {seen.map((page) => (
            <li key={page.id}>
              <a
                href={hrefTo("settings", page.id)}
                {...(page === shown ? { "aria-current": chosen ? ("page" as const) : ("true" as const) } : {})}
              >
                {page.icon} <span>{page.title()}</span> {icons.next}
              </a>
            </li>
          ))}
        </ul>
      </div>
      {shown && (
        <div class="settings-page" data-settings={shown.id}>
          <a class="way-back" href={hrefTo("settings")}>
            {icons.back} {words.title}
          </a>
          <h2 {...(chosen ? { "data-heading": true } : {})}>{shown.title()}</h2>
          <shown.view />
        </div>
      )}
    </div>
  );
}
