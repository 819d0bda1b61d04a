import { useSignal } from "@preact/signals";
import type { VerdictCause, VerdictHistory, VerdictState } from "@skein/contracts";
import { useEffect } from "preact/hooks";
import type { Follower } from "../../../house";
import { dateTime } from "../../../i18n/format";
import { usePage } from "../../../view/page";
import { StateMark } from "../../../view/state-mark";
import { headline, span as lengthOf } from "../../../words";
import { ANEW_MS, type Range } from "../../../graphs/ranges";
import { stretchesOf, type Span } from "./spans";
import { detailWords } from "./words";

/** What the leader believed of a follower over the chosen time: a strip of colours, and the same as a list of sentences. */
export function VerdictStrip({ follower, range }: { follower: Follower; range: Range }) {
  const words = detailWords();
  const { api, stale } = usePage();
  const connected = !stale.value;
  const history = useSignal<VerdictHistory | undefined>(undefined);
  const { state, cause, since } = follower.view.value.verdict;
  useEffect(() => {
    if (!connected) return;
    let over = false;
    const ask = () =>
      void api.get<VerdictHistory>(`followers/${encodeURIComponent(follower.id)}/verdicts?range=${range}`).then(
        (answer) => !over && (history.value = answer),
        // The figures below say why.
        () => !over && (history.value = undefined),
      );
    ask();
    // Time goes on where nothing happens.
    const timer = setInterval(ask, ANEW_MS);
    return () => {
      over = true;
      clearInterval(timer);
    };
    // A new verdict is a new stretch.
  }, [follower.id, range, state, cause, since, connected]);
  const shown = history.value;
  if (!shown) return null;
  const stretches = stretchesOf(shown);
  return (
    <section class="tile verdicts">
      <h2>{words.history}</h2>
      {stretches.length === 0 ? (
        <p class="hint">{words.noHistory}</p>
      ) : (
        <>
          <div class="strip" aria-hidden="true">
            {stretches.map(({ span, start, width }) => (
              <span
                key={span.from}
                class={`state-${span.state}`}
                style={{ left: `${start * 100}%`, width: `${width * 100}%` }}
                title={`${sentence(span)}, ${times(span)}`}
              />
            ))}
          </div>
          <p class="strip-ends" aria-hidden="true">
            <span>{dateTime(shown.from)}</span>
            <span>{dateTime(shown.to)}</span>
          </p>
          <details>
            <summary>{words.spans}</summary>
            <ol class="span-list">
              {stretches.toReversed().map(({ span }) => (
                <li key={span.from} class={`thing state-${span.state}`}>
                  <span class="state">
                    <StateMark state={span.state as VerdictState} />
                    {sentence(span)}
                  </span>
                  <span class="hint">{times(span)}</span>
                </li>
              ))}
            </ol>
          </details>
        </>
      )}
    </section>
  );
}

const sentence = (span: Span): string =>
  headline({ state: span.state as VerdictState, cause: span.cause as VerdictCause });

function times({ from, to }: Span): string {
  const words = detailWords();
  return to === undefined ? words.spanLasts(dateTime(from)) : words.spanFrom(dateTime(from), lengthOf(to - from, true));
}
