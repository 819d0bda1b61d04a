/**
 * Carries a fade out for a device that cannot fade by itself: a step now, the others at their times. Each of those follows a look, for a
 * step switches the lamp on: where a hand switched it off meanwhile, the look ends the fade (lights.ts) and the lamp stays off.
 */
import type { Clock } from "@skein/kit";
import type { Reached } from "../client";
import type { Change } from "../model";
import { fadeSteps, type FadeStep } from "./fade-steps";
import type { Light } from "./light";

export interface FadeParts {
  readonly clock: Clock;
  readonly ask: (change: Change) => Promise<Reached>;
  readonly look: () => Promise<void>;
  /** The last step was confirmed, or a later one failed. An order or a hand that ends it tells of itself. */
  readonly over: () => void;
  /** A later step failed, and the rest is left out. */
  readonly endedEarly: (reason: unknown) => void;
}

/** Resolves at the first step, as a device that fades by itself says yes at the beginning. Any newer order ends it: `light.endFade`. */
export function fade(
  light: Light,
  change: Change,
  { clock, ask, look, over, endedEarly }: FadeParts,
): Promise<Reached> {
  const steps = fadeSteps(light.state, change);
  const cancels = new Set<() => void>();
  const end = () => {
    if (light.endFade === end) light.endFade = undefined;
    for (const cancel of cancels) cancel();
  };
  const take = async (step: FadeStep): Promise<Reached> => {
    const reached = await ask(step.change);
    if (step !== steps.at(-1)) return { ...reached, fading: true };
    end();
    over();
    return reached;
  };
  const takeLater = async (step: FadeStep): Promise<void> => {
    await look();
    if (light.endFade === end) await take(step);
  };
  light.endFade = end;
  const [first, ...rest] = steps as [FadeStep, ...FadeStep[]];
  for (const step of rest)
    cancels.add(
      clock.setTimer(() => {
        takeLater(step).catch((error: unknown) => {
          end();
          endedEarly(error);
          over();
        });
      }, step.atMs),
    );
  return take(first).catch((error: unknown) => {
    // Who was told no shall not see the lamp change a moment later.
    end();
    throw error;
  });
}
