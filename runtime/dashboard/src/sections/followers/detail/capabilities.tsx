import type { FollowerView } from "@skein/contracts";
import { detailWords } from "./words";

type Capability = FollowerView["capabilities"][number];

/** What a follower can do, how each of it does, and under which settings. */
export function Capabilities({ view }: { view: FollowerView }) {
  const words = detailWords();
  return (
    <section class="tile">
      <h2>{words.capabilities}</h2>
      {view.capabilities.length === 0 && <p class="hint">{words.noCapabilities}</p>}
      <ul class="capabilities">
        {view.capabilities.map((capability) => (
          <li key={capability.name}>
            <p class="capability">
              <strong>{capability.name}</strong>
              <span class={`badge condition-${capability.condition ?? "unheard"}`}>
                {capability.condition ? words.conditions[capability.condition] : words.unheard}
              </span>
            </p>
            <Settings settings={capability.settings} name={capability.name} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Settings({ settings, name }: { settings: Capability["settings"]; name: string }) {
  const words = detailWords();
  const entries = Object.entries(settings ?? {});
  if (entries.length === 0) return null;
  return (
    <details>
      <summary aria-label={`${words.settings}: ${name}`}>{words.settings}</summary>
      <dl class="facts">
        {entries.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
