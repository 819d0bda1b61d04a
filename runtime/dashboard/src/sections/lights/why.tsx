import type { DeviceView } from "@skein/contracts";
import { dateTime, timeOfDay } from "../../i18n/format";
import { lightWords } from "../../lights/words";
import { lightsWords } from "./words";

/** How the device is reached, or why it is not: what was tried, what it answered, and what there is to do. */
export function Why({ light }: { light: DeviceView }) {
  const words = lightsWords();
  const { condition, since, text, tried } = light.diagnosis;
  const bad = condition !== "ok" && condition !== "connecting";
  const facts = [
    [words.model, light.model],
    [words.protocol, light.protocol],
    [words.address, light.address],
    [words.firmware, light.firmware],
    [words.mac, light.mac],
  ] as const;
  return (
    <section class={bad ? "tile why bad" : "tile why"} aria-labelledby="why">
      <h2 id="why">{words.connection}</h2>
      <p>
        {/* Of one that is reached that is no news, and its connection may be younger: an update begins another. */}
        <strong>{lightWords().conditions[condition]}</strong> {condition !== "ok" && words.since(dateTime(since))}
      </p>
      {bad && (
        <>
          <p class="hint">{words.hints[condition]}</p>
          {/* The device's and the network's own words, which the leader has in one language; what to do stands above in the page's. */}
          <p lang="en">{text}</p>
        </>
      )}
      <dl class="facts">
        {facts.map(([label, value]) =>
          value === undefined ? null : (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      {tried.length > 0 && (
        <details>
          <summary>{words.tried}</summary>
          <ul class="tried">
            {tried.map(({ at, protocol, address, answer, text: said }) => (
              <li key={`${at} ${protocol} ${address}`} lang="en">
                {timeOfDay(at)} {protocol} {address}: <code>{answer}</code> {said}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
