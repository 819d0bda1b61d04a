import { useLayoutEffect, useRef } from "preact/hooks";
import { pageWords } from "../page-words";
import { hrefTo } from "../router";
import { sections } from "../sections";
import { usePage } from "../view/page";
import { focusHeading, scrollBack } from "./arrival";
import { MassLoss, News, StaleBanner } from "./banners";
import { Navigation } from "./navigation";

/** The page of somebody who is in: navigation, what holds for the whole house, and the section that the address names. */
export function Frame() {
  const { router, session, stale } = usePage();
  const words = pageWords();
  const main = useRef<HTMLElement>(null);
  const parts = router.parts.value;
  const seen = sections.filter((section) => session.may(section.role));
  const section = parts.length === 0 ? seen[0] : seen.find(({ id }) => id === parts[0]);
  const rest = parts.slice(1);
  const place = `${section?.id}/${section?.page?.(rest) ?? rest.join("/")}`;

  const first = useRef(true);
  useLayoutEffect(() => {
    const atTheStart = first.current;
    first.current = false;
    // A screen reader reads the page from its beginning then.
    if (atTheStart || !main.current) return;
    const unfocus = focusHeading(main.current);
    const unscroll = scrollBack(router.scrolledTo() ?? 0);
    return () => {
      unfocus();
      unscroll();
    };
  }, [place]);

  return (
    <div class="frame">
      <a
        class="skip"
        href={hrefTo(...parts)}
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus({ preventScroll: true });
        }}
      >
        {words.skip}
      </a>
      <Navigation sections={seen} current={section?.id} />
      <div class={stale.value ? "page stale" : "page"}>
        <StaleBanner />
        <MassLoss />
        <main ref={main} tabIndex={-1} data-section={section?.id}>
          {section ? (
            <section.view rest={rest} />
          ) : (
            <p class="empty">
              {words.nothingHere} <a href={hrefTo()}>{words.toHome}</a>
            </p>
          )}
        </main>
        <News />
      </div>
    </div>
  );
}
