import { pageWords } from "../page-words";
import { hrefTo } from "../router";
import type { Section } from "../sections/section";
import { usePage } from "../view/page";

/** The house's name and the way to each section: a bar at a phone's thumb, a rail at the side of a wide screen. */
export function Navigation({ sections, current }: { sections: readonly Section[]; current: string | undefined }) {
  const { house } = usePage();
  const about = house.about.value;
  const words = pageWords();
  return (
    <div class="rail">
      <header class="brand">
        <img src="./icon.svg" alt="" width="32" height="32" />
        <div>
          <span class="house-name">{about?.name ?? "Skein"}</span>{" "}
          {about?.demo && <span class="virtual">{words.virtualHouse}</span>}
        </div>
      </header>
      <nav aria-label={words.sections}>
        <ul>
          {sections.map((section, index) => (
            <li key={section.id}>
              <a
                href={index === 0 ? hrefTo() : hrefTo(section.id)}
                {...(section.id === current ? { "aria-current": "page" as const } : {})}
              >
                {section.icon}
                <span>{section.title()}</span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}
