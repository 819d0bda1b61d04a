/**
 * Effects of the older light strips. A strip is sent the whole effect each time (reference/kasa.md, "Devices"): these are made of
 * the fields that it takes; a sequence walks through colours, a random one jumps among them.
 */
export interface StripEffect {
  readonly name: string;
  readonly type: "sequence" | "random";
  /** `[hue, saturation, brightness]` */
  readonly colors: readonly (readonly [number, number, number])[];
  /** How long a step stands, ms; 0: it only moves. */
  readonly durationMs: number;
  readonly transitionMs: number;
}

export const STRIP_EFFECTS: readonly StripEffect[] = [
  {
    name: "Aurora",
    type: "sequence",
    colors: [
      [120, 100, 100],
      [240, 100, 100],
      [260, 100, 100],
      [280, 100, 100],
    ],
    durationMs: 0,
    transitionMs: 1500,
  },
  {
    name: "Bubbling Cauldron",
    type: "random",
    colors: [
      [100, 100, 100],
      [270, 100, 100],
    ],
    durationMs: 0,
    transitionMs: 200,
  },
  {
    name: "Candy Cane",
    type: "sequence",
    colors: [
      [0, 0, 100],
      [360, 81, 100],
    ],
    durationMs: 700,
    transitionMs: 500,
  },
  {
    name: "Christmas",
    type: "random",
    colors: [
      [136, 98, 75],
      [136, 0, 100],
      [350, 0, 100],
      [350, 97, 94],
    ],
    durationMs: 5000,
    transitionMs: 0,
  },
  {
    name: "Flicker",
    type: "random",
    colors: [
      [30, 81, 80],
      [40, 100, 100],
    ],
    durationMs: 0,
    transitionMs: 375,
  },
  {
    name: "Hanukkah",
    type: "random",
    colors: [
      [200, 0, 100],
      [215, 100, 90],
    ],
    durationMs: 1500,
    transitionMs: 0,
  },
  {
    name: "Haunted Mansion",
    type: "random",
    colors: [
      [45, 10, 100],
      [45, 10, 20],
    ],
    durationMs: 0,
    transitionMs: 200,
  },
  {
    name: "Icicle",
    type: "sequence",
    colors: [
      [190, 100, 70],
      [190, 100, 100],
      [190, 100, 40],
    ],
    durationMs: 0,
    transitionMs: 400,
  },
  {
    name: "Lightning",
    type: "random",
    colors: [
      [210, 10, 100],
      [220, 30, 20],
    ],
    durationMs: 0,
    transitionMs: 50,
  },
  {
    name: "Ocean",
    type: "sequence",
    colors: [
      [198, 84, 30],
      [198, 70, 30],
      [198, 10, 30],
    ],
    durationMs: 0,
    transitionMs: 2000,
  },
  {
    name: "Rainbow",
    type: "sequence",
    colors: [
      [0, 100, 100],
      [100, 100, 100],
      [200, 100, 100],
      [300, 100, 100],
    ],
    durationMs: 0,
    transitionMs: 1500,
  },
  {
    name: "Raindrop",
    type: "random",
    colors: [
      [200, 10, 10],
      [200, 20, 100],
    ],
    durationMs: 0,
    transitionMs: 1000,
  },
  {
    name: "Spring",
    type: "random",
    colors: [
      [0, 30, 90],
      [130, 100, 90],
    ],
    durationMs: 600,
    transitionMs: 0,
  },
  {
    name: "Valentines",
    type: "random",
    colors: [
      [340, 20, 50],
      [340, 40, 60],
      [340, 100, 100],
    ],
    durationMs: 600,
    transitionMs: 2000,
  },
];

const SEGMENTS = Array.from({ length: 16 }, (_, index) => index);

/** The arguments of `set_lighting_effect`. */
export function effectArguments(
  { name, type, colors, durationMs, transitionMs }: StripEffect,
  brightness: number,
): object {
  const common = {
    custom: 1,
    enable: 1,
    id: name.replaceAll(/\W/g, "").slice(0, 32),
    name,
    brightness,
    type,
    segments: SEGMENTS,
    expansion_strategy: 1,
    duration: durationMs,
    transition: transitionMs,
  };
  if (type === "sequence") return { ...common, direction: 4, spread: 7, repeat_times: 0, sequence: colors };
  const span = (index: 0 | 1 | 2) => {
    const values = colors.map((color) => color[index]);
    return [Math.min(...values), Math.max(...values)];
  };
  return {
    ...common,
    hue_range: span(0),
    saturation_range: span(1),
    brightness_range: span(2),
    init_states: [colors[0]],
    random_seed: 100,
    backgrounds: colors,
  };
}

export const NO_EFFECT = {
  custom: 0,
  enable: 0,
  id: "",
  name: "",
  brightness: 100,
  segments: [0],
  expansion_strategy: 1,
} as const;
