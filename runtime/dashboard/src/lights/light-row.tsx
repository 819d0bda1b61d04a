import type { DeviceView } from "@skein/contracts";
import { hrefTo } from "../router";
import { fixed } from "../i18n/format";
import { pageWords } from "../page-words";
import { usePage } from "../view/page";
import { Refusal } from "../view/refusal";
import { Asked } from "./asked";
import { Bulb } from "./bulb";
import { canBeReached, type Look } from "./look";
import { useLight } from "./use-light";
import { lightWords } from "./words";

/** One light in a list: what it is called, how it stands, its switch; what it looks like where it is on. */
export function LightRow({ light }: { light: DeviceView }) {
  const { session, stale } = usePage();
  const sender = useLight(light.id);
  const words = lightWords();
  const { state, name, kind, virtual } = light;
  const reached = canBeReached(light);
  const asked = sender.asked.value?.on;
  return (
    <li class={reached ? "thing light" : "thing light away"} data-thing={light.id}>
      <div class="light-line">
        <a href={hrefTo("lights", light.id)}>
          <Bulb kind={kind} look={reached ? state : undefined} />
          <span>
            <span class="thing-name">{name}</span> {virtual && <span class="virtual">{pageWords().virtual}</span>}
          </span>
          <span class="state">
            {sayState(light)} <Asked sender={sender} />
          </span>
        </a>
        <button
          type="button"
          class="switch"
          role="switch"
          aria-label={name}
          aria-checked={asked ?? state?.on ?? false}
          aria-busy={asked !== undefined}
          disabled={stale.value || !reached || !session.may("operator")}
          onClick={() => sender.send({ on: !(asked ?? state?.on ?? false) })}
        >
          <span class="knob" aria-hidden="true" />
        </button>
      </div>
      {sender.failure.value !== undefined && <Refusal title={words.notDone} error={sender.failure.value} />}
    </li>
  );
}

/** Of one that is not reached: that, since what it showed last may no longer be so. */
export function sayState({ state, diagnosis, powerW }: DeviceView): string {
  const words = lightWords();
  if (diagnosis.condition !== "ok") return words.conditions[diagnosis.condition];
  if (!state) return words.unknown;
  return sayLook(state) + (powerW === undefined ? "" : `, ${words.watts(fixed(powerW, 1))}`);
}

export function sayLook({ on, effect, brightness }: Look): string {
  const words = lightWords();
  if (!on) return words.off;
  const what = effect ?? (brightness === undefined ? undefined : words.percent(brightness));
  return what === undefined ? words.on : `${words.on}, ${what}`;
}
