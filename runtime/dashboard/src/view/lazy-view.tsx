import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { pageWords } from "../page-words";
import { usePage } from "./page";

/** A view whose script is fetched when it is first shown; in the offline shell it is there already (service-worker.js). */
export function lazyView<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let known: ComponentType<P> | undefined;
  return function LazyView(props: P) {
    const view = useSignal(known);
    const failed = useSignal(false);
    const { stale, reloading, reload } = usePage();
    const away = stale.value;
    const fetchIt = () => {
      failed.value = false;
      load().then(
        (loaded) => (view.value = known = loaded),
        () => (failed.value = true),
      );
    };
    useEffect(() => {
      if (!view.value) fetchIt();
    }, [away]);
    const View = view.value;
    if (View) return <View {...props} />;
    const words = pageWords();
    // What failed here comes with the page, which is on its way.
    if (!failed.value || reloading.value) return <p class="empty">{words.loading} …</p>;
    return (
      <p class="empty">
        {away ? words.neverHeard : words.partMissing}{" "}
        {/* Not once more by itself: a browser remembers a module that did not come for as long as the page lives (HTML, "module map"). */}
        <button type="button" class="secondary" onClick={reload}>
          {words.again}
        </button>
      </p>
    );
  };
}
