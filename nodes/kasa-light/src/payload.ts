/**
 * What a message asks for, in every form that people send: `true`, `"toggle"`, `40`, `"+10%"`, `"red"`, `{brightness: "+10"}`,
 * `{scene: "Movie"}`, and those of node-red-contrib-tplink (tplink.ts). Nothing is decided here against how a lamp stands.
 */
import { nearest, SkeinError } from "@skein/kit";
import { parseColor, type LightColor } from "@skein/kasa";
import { MAX_SCENE_NAME, MAX_TRANSITION_MS } from "./config";
import type { Order, Relative, Wish } from "./order";
import { inOurWords, objectIn, orderOfCommands } from "./tplink";

const FORMS =
  'Send true, false, "toggle", a brightness from 0 to 100, "+10%", a white such as "2700K", a colour such as "red", "#ff8800" or [255, 136, 0], or an object with on, brightness, hue, saturation, kelvin, rgb, color, effect, transitionMs, scene or saveScene.';
const TIME_HINT =
  "That is the time, which an inject node sends unless it is told otherwise: choose boolean there, or a number from 0 to 100.";
/** No brightness and no mistake in one is as much; the time has been more since 2001. */
const LEAST_TIME_MS = 1e12;

/** What an object may say, in our words and in those of node-red-contrib-tplink. */
const KEYS = [
  "on",
  "brightness",
  "hue",
  "saturation",
  "kelvin",
  "rgb",
  "color",
  "effect",
  "transitionMs",
  "scene",
  "saveScene",
  "state",
  "temperature",
  "hsb",
  "events",
];

/** @throws SkeinError PAYLOAD_INVALID, PAYLOAD_NOT_TAKEN_OVER */
export function orderOf(payload: unknown): Order {
  if (typeof payload === "boolean") return { does: "set", wish: { on: payload } };
  if (typeof payload === "number") {
    if (payload >= LEAST_TIME_MS) throw invalid(`${payload} is no brightness`, TIME_HINT);
    return { does: "set", wish: { brightness: within("a brightness", payload, 0, 100) } };
  }
  if (typeof payload === "string") return fromText(payload.trim());
  if (Array.isArray(payload)) {
    if (payload.length > 0 && payload.every((one) => typeof one === "number"))
      return { does: "set", wish: colourIn(payload) };
    return orderOfCommands(payload) ?? refuse(payload);
  }
  if (typeof payload === "object" && payload !== null)
    return fromObject(inOurWords(payload as Record<string, unknown>));
  return refuse(payload);
}

/** Of a node that is set to a scene: a message need not name one; undefined when it does. @throws SkeinError PAYLOAD_INVALID */
export function sceneOrder(does: "apply" | "save", scene: string, payload: unknown): Order | undefined {
  if (typeof payload === "object" && payload !== null && ("scene" in payload || "saveScene" in payload))
    return undefined;
  return { does, scene: sceneName(scene) };
}

const invalid = (what: string, hint: string = FORMS): SkeinError =>
  new SkeinError("PAYLOAD_INVALID", `${what}.`, { hint });

function refuse(payload: unknown): never {
  const keys = typeof payload === "object" && payload !== null ? Object.keys(payload) : [];
  const misspelt = keys.filter((key) => !KEYS.includes(key));
  throw invalid(`${shown(payload)} says nothing to a light`, withMeant(misspelt, KEYS));
}

/** The hint, with what was probably meant before it. */
function withMeant(words: readonly string[], known: readonly string[]): string {
  const meant = words.map((word) => nearest(word, known)).find((near) => near !== undefined);
  return meant === undefined ? FORMS : `Did you mean "${meant}"? ${FORMS}`;
}

/** As it stands in an error: short. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}

const ON: Readonly<Record<string, boolean | "toggle">> = {
  on: true,
  true: true,
  off: false,
  false: false,
  toggle: "toggle",
  switch: "toggle",
};

function fromText(text: string): Order {
  const low = text.toLowerCase();
  if (low.startsWith("{")) return fromJson(text);
  if (Object.hasOwn(ON, low)) return { does: "set", wish: { on: ON[low]! } };
  const old = orderOfCommands(text);
  if (old) return old;
  const object = objectIn(text);
  if (object) return fromObject(object);
  const brightness = brightnessIn(low);
  if (brightness !== undefined) return { does: "set", wish: { brightness } };
  const [, kelvin] = /^(\d{4,5})\s*k$/.exec(low) ?? [];
  if (kelvin) return { does: "set", wish: { kelvin: within("a white", Number(kelvin), 1000, 20_000) } };
  if (low === "") refuse(text);
  return { does: "set", wish: colourIn(text, withMeant([text], Object.keys(ON))) };
}

/** As an MQTT node hands it over that does not look inside. */
function fromJson(text: string): Order {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return refuse(text);
  }
  return orderOf(parsed);
}

/** `50`, `50%`, `+10`, `-10 %`; undefined for what is none. */
function brightnessIn(text: string): number | Relative | undefined {
  const [, sign, figure] = /^([+-]?)\s*(\d+(?:\.\d+)?)\s*%?$/.exec(text.trim()) ?? [];
  if (figure === undefined) return undefined;
  if (!sign) return within("a brightness", Number(figure), 0, 100);
  if (Number(figure) > 100) throw invalid(`a step is ${sign}${figure}`, "It is a number from -100 to +100.");
  return { by: Number(`${sign}${figure}`) };
}

/**
 * A name is a colour, so the brightness stays; numbers (`#rrggbb`, `{r, g, b}`) are what the lamp is to give, brightness and all.
 * Black is off.
 */
function colourIn(given: unknown, hint?: string): Wish {
  let colour: LightColor;
  try {
    colour = parseColor(given);
  } catch {
    throw invalid(`${shown(given)} is no colour`, hint);
  }
  const { hue, saturation, brightness } = colour;
  if (brightness < 1) return { on: false };
  const isName = typeof given === "string" && /^[a-z]+$/i.test(given.trim());
  return { hue, saturation, ...(isName ? {} : { brightness }) };
}

function fromObject(given: Record<string, unknown>): Order {
  const { scene, saveScene } = given;
  const transition = has(given, "transitionMs")
    ? { transitionMs: Math.round(within("transitionMs", given["transitionMs"], 0, MAX_TRANSITION_MS)) }
    : {};
  if (scene !== undefined && saveScene !== undefined) throw invalid("scene and saveScene exclude each other");
  if (scene !== undefined) return { does: "apply", scene: sceneName(scene), ...transition };
  if (saveScene !== undefined) return { does: "save", scene: sceneName(saveScene) };
  const { r, g, b } = given;
  const colour =
    given["rgb"] ?? given["color"] ?? ([r, g, b].every((one) => typeof one === "number") ? { r, g, b } : null);
  const wish: Wish = {
    ...(colour === null ? {} : colourIn(colour)),
    ...(has(given, "on") ? { on: onIn(given["on"]) } : {}),
    ...(has(given, "brightness") ? { brightness: brightnessOf(given["brightness"]) } : {}),
    ...(has(given, "hue") ? { hue: within("hue", given["hue"], 0, 360) } : {}),
    ...(has(given, "saturation") ? { saturation: within("saturation", given["saturation"], 0, 100) } : {}),
    ...(has(given, "kelvin") ? { kelvin: within("kelvin", given["kelvin"], 1000, 20_000) } : {}),
    ...(given["effect"] === undefined ? {} : { effect: effectIn(given["effect"]) }),
  };
  if (Object.keys(wish).length === 0) return orderOfCommands(given["events"]) ?? refuse(given);
  const looks = [wish.hue ?? wish.saturation, wish.kelvin, wish.effect ?? undefined];
  if (looks.filter((look) => look !== undefined).length > 1)
    throw invalid("a colour, a white (kelvin) and an effect exclude each other", "Send one of them.");
  return { does: "set", wish: { ...wish, ...transition } };
}

/** Null is as if it were not there: a flow that fills an object may leave holes. */
const has = (given: Record<string, unknown>, name: string): boolean =>
  given[name] !== undefined && given[name] !== null && given[name] !== "";

function onIn(given: unknown): boolean | "toggle" {
  if (given === 1 || given === 0) return given === 1;
  const word = String(given).trim().toLowerCase();
  if (Object.hasOwn(ON, word)) return ON[word]!;
  throw invalid(`on is ${shown(given)}`, 'It is true, false or "toggle".');
}

function brightnessOf(given: unknown): number | Relative {
  const found = typeof given === "string" ? brightnessIn(given) : within("brightness", given, 0, 100);
  if (found !== undefined) return found;
  throw invalid(`brightness is ${shown(given)}`, 'It is a number from 0 to 100, or "+10" and "-10" for steps.');
}

function effectIn(given: unknown): string | null {
  if (given === null || (typeof given === "string" && given.trim() !== "" && given.length <= 100))
    return given && given.trim();
  throw invalid(`effect is ${shown(given)}`, "It is the name of one that the light knows, or null to end one.");
}

function sceneName(given: unknown): string {
  const name = typeof given === "string" ? given.trim() : "";
  if (name !== "" && name.length <= MAX_SCENE_NAME) return name;
  throw invalid(`the scene is ${shown(given)}`, `It is a name of 1 to ${MAX_SCENE_NAME} characters.`);
}

function within(what: string, given: unknown, min: number, max: number): number {
  const value = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
  if (typeof value === "number" && value >= min && value <= max) return value;
  throw invalid(`${what} is ${shown(given)}`, `It is a number from ${min} to ${max}.`);
}
