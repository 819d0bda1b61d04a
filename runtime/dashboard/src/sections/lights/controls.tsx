import { useSignal } from "@preact/signals";
import type { DeviceChange, DeviceView } from "@skein/contracts";
import { useId } from "preact/hooks";
import type { Sender } from "../../lights/sender";
import { lightWords } from "../../lights/words";
import { lightsWords } from "./words";

/** Switch, brightness, white, colour, effect: what the light can, and nothing else. */
export function Controls({ light, sender, disabled }: { light: DeviceView; sender: Sender; disabled: boolean }) {
  const words = lightsWords();
  const say = lightWords();
  const { state, abilities } = light;
  const asked: DeviceChange = sender.asked.value ?? {};
  if (!abilities) return null;
  const on = asked.on ?? (Object.keys(asked).length > 0 ? true : (state?.on ?? false));
  const { kelvin } = abilities;
  const slider = { disabled, sender };
  return (
    <div class="controls">
      <button
        type="button"
        class="switch big"
        role="switch"
        aria-label={light.name}
        aria-checked={on}
        aria-busy={sender.asked.value !== undefined}
        disabled={disabled}
        onClick={() => sender.send({ on: !on })}
      >
        <span>{on ? say.on : say.off}</span>
        <span class="knob" aria-hidden="true" />
      </button>
      {abilities.brightness && (
        <Slider
          {...slider}
          label={words.brightness}
          min={1}
          max={100}
          value={asked.brightness ?? state?.brightness ?? 100}
          say={say.percent}
          change={(brightness) => ({ brightness })}
        />
      )}
      {kelvin && (
        <Slider
          {...slider}
          class="white"
          label={words.white}
          min={kelvin.min}
          max={kelvin.max}
          step={50}
          value={asked.kelvin ?? state?.kelvin}
          say={say.kelvin}
          change={(value) => ({ kelvin: value })}
        />
      )}
      {abilities.color && (
        <>
          <Slider
            {...slider}
            class="hue"
            label={words.hue}
            min={0}
            max={360}
            value={asked.hue ?? state?.hue}
            say={(value) => `${value}°`}
            change={(hue) => ({ hue, saturation: asked.saturation ?? state?.saturation ?? 100 })}
          />
          <Slider
            {...slider}
            label={words.saturation}
            min={0}
            max={100}
            value={asked.saturation ?? state?.saturation}
            say={say.percent}
            change={(saturation) => ({ saturation, hue: asked.hue ?? state?.hue ?? 0 })}
          />
        </>
      )}
      {abilities.effects.length > 0 && (
        <label class="field">
          {words.effect}
          <select
            disabled={disabled}
            value={asked.effect === undefined ? (state?.effect ?? "") : (asked.effect ?? "")}
            onChange={({ currentTarget: { value } }) => sender.send({ effect: value === "" ? null : value })}
          >
            <option value="">{words.noEffect}</option>
            {abilities.effects.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

/**
 * While a finger is on it, it shows the finger's place and not what the light says, which comes a moment later. Without a value it
 * stands at its end and says that it counts for nothing: white while the light shows a colour, both during an effect.
 */
function Slider(props: {
  label: string;
  min: number;
  max: number;
  step?: number;
  value: number | undefined;
  disabled: boolean;
  class?: string;
  say: (value: number) => string;
  change: (value: number) => DeviceChange;
  sender: Sender;
}) {
  const id = useId();
  const held = useSignal<number | undefined>(undefined);
  const shown = held.value ?? (props.value === undefined ? undefined : Math.round(props.value));
  const said = shown === undefined ? lightsWords().idle : props.say(shown);
  const release = () => (held.value = undefined);
  return (
    <div class={`slider ${props.class ?? ""} ${shown === undefined ? "idle" : ""}`}>
      <label for={id}>{props.label}</label>
      <input
        id={id}
        type="range"
        min={props.min}
        max={props.max}
        step={props.step ?? 1}
        value={shown ?? props.min}
        disabled={props.disabled}
        aria-valuetext={said}
        onInput={({ currentTarget }) => {
          held.value = Number(currentTarget.value);
          props.sender.send(props.change(held.value));
        }}
        onChange={release}
        onBlur={release}
      />
      <output for={id}>{said}</output>
    </div>
  );
}
