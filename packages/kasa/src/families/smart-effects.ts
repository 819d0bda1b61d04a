/**
 * Effects of the newer light strips (L900, L920, L930): the older ones' by name and colours, in the form that these take, under the ids by
 * which the maker's app knows them (python-kasa, kasa/smart/effects.py).
 */
import { effectArguments, NO_EFFECT, STRIP_EFFECTS, type StripEffect } from "./effects";
import type { Call } from "./smart-part";

const IDS: Readonly<Record<string, string>> = {
  Aurora: "TapoStrip_1MClvV18i15Jq3bvJVf0eP",
  "Bubbling Cauldron": "TapoStrip_6DlumDwO2NdfHppy50vJtu",
  "Candy Cane": "TapoStrip_6Dy0Nc45vlhFPEzG021Pe9",
  Christmas: "TapoStrip_5zkiG6avJ1IbhjiZbRlWvh",
  Flicker: "TapoStrip_4HVKmMc6vEzjm36jXaGwMs",
  Hanukkah: "TapoStrip_2YTk4wramLKv5XZ9KFDVYm",
  "Haunted Mansion": "TapoStrip_4rJ6JwC7I9st3tQ8j4lwlI",
  Icicle: "TapoStrip_7UcYLeJbiaxVIXCxr21tpx",
  Lightning: "TapoStrip_7OGzfSfnOdhoO2ri4gOHWn",
  Ocean: "TapoStrip_0fOleCdwSgR0nfjkReeYfw",
  Rainbow: "TapoStrip_7CC5y4lsL8pETYvmz7UOpQ",
  Raindrop: "TapoStrip_1t2nWlTBkV8KXBZ0TWvBjs",
  Spring: "TapoStrip_1nL6GqZ5soOxj71YDJOlZL",
  Valentines: "TapoStrip_2q1Vio9sSjHmaC7JS9d30l",
};

const call = (params: object): Call => ({ method: "set_lighting_effect", params });

/** Those that have an id, so that the app shows them as its own. */
export const SMART_STRIP_EFFECTS: readonly StripEffect[] = STRIP_EFFECTS.filter(({ name }) => name in IDS);

export const playing = (effect: StripEffect, brightness: number): Call =>
  call({
    ...effectArguments(effect, brightness),
    custom: 0,
    id: IDS[effect.name],
    segments: [0],
    display_colors: effect.colors,
  });

/** The one that plays, whatever it is, one made in the app too (kasa/smart/modules/lightstripeffect.py, `set_brightness`). */
export const dimmed = (brightness: number): Call => call({ brightness, bAdjusted: true });

export const ended = (): Call => call({ ...NO_EFFECT, display_colors: [] });
