import type { LampView } from "@skein/contracts";
import { useId } from "preact/hooks";
import { isPlug } from "../lights/look";
import { tileWords } from "./words";

/** Of an effect, whichever: its colours at a glance, still, for those whom moving light disturbs. */
const RAINBOW = ["#f55", "#fd5", "#5d8", "#59f", "#c5f"];

/** One of the demo's lamps as somebody in the room sees it; a plug is a socket with its little light, since it shines on nobody. */
export function DrawnLamp({ lamp }: { lamp: LampView }) {
  const { name, kind, powered, on, css, effect } = lamp;
  const rainbow = useId();
  const words = tileWords();
  const plug = isPlug(kind);
  const seen = !powered ? words.unpowered(name) : plug ? words.isOn(name, on) : words.shines(name, on, effect);
  const light = effect === undefined ? css : `url(#${rainbow})`;
  return (
    <svg class="drawn-lamp" viewBox="0 0 64 64" role="img" aria-label={seen}>
      {plug ? (
        <>
          <rect class="line" x="10" y="10" width="44" height="44" rx="9" />
          <circle class="line" cx="32" cy="34" r="14" />
          <circle class="hole" cx="26" cy="34" r="2.5" />
          <circle class="hole" cx="38" cy="34" r="2.5" />
          <circle class={on ? "led on" : "led"} cx="47" cy="17" r="3" />
        </>
      ) : (
        <>
          {effect !== undefined && (
            <linearGradient id={rainbow} x2="1" y2="1">
              {RAINBOW.map((colour, index) => (
                <stop key={colour} offset={index / (RAINBOW.length - 1)} stop-color={colour} />
              ))}
            </linearGradient>
          )}
          {on && <circle class="glow" cx="32" cy="28" r="27" style={{ fill: light }} />}
          <path
            class="line"
            d="M32 8a20 20 0 0 1 11 36.500c-2 1.500-3 3-3 5.500H24c0-2.500-1-4-3-5.500A20 20 0 0 1 32 8z"
            style={{ fill: on ? light : "transparent" }}
          />
          <path class="line" d="M24 53h16M25 57h14M28 61h8" />
        </>
      )}
    </svg>
  );
}
