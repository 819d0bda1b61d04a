/** What the owner sets in the dialog; the editor's form and the runtime share it, with its defaults and its version. */
export type NoticeSeverity = "info" | "notice" | "warning" | "alarm";
export const SEVERITIES: readonly NoticeSeverity[] = ["info", "notice", "warning", "alarm"];

export interface Button {
  /** What comes back in `msg.payload`. */
  value: string;
  /** What stands on it. */
  label: string;
}

export interface NotifyConfig {
  configVersion: number;
  name: string;
  bus: string;
  text: string;
  textType: string;
  title: string;
  titleType: string;
  severity: NoticeSeverity;
  /** A Buffer with a JPEG or PNG, or a data URL of one. */
  picture: string;
  pictureType: string;
  /** Buttons by their place, from "1": a list in a flow file is one of ids. */
  buttons: Record<string, Button>;
  /** How long the buttons may be pressed, minutes, or `${VAR}`; 0: as long as the notice is kept. */
  validMinutes: number | string;
}

export const defaults: NotifyConfig = {
  configVersion: 2,
  name: "",
  bus: "",
  text: "payload",
  textType: "msg",
  title: "",
  titleType: "str",
  severity: "info",
  picture: "picture",
  pictureType: "msg",
  buttons: {},
  validMinutes: 0,
};

/** As the contract has them; the browser has no contracts, so they stand here, and a test holds both together. */
export const MAX_BUTTONS = 3;
export const MAX_LABEL = 40;
export const MAX_VALUE = 63;
/** 31 days. */
export const MAX_VALID_MINUTES = 44_640;

/**
 * Buttons in their order, as this or an earlier release saved them or a message brings them: `["Yes"]`, `{yes: "Yes"}`, `[{id: "yes", label: "Yes"}]`.
 * One that has only a value or only a label has both of it.
 */
export function buttonsIn(given: unknown): Button[] {
  if (typeof given !== "object" || given === null) return [];
  return Object.entries(given).map(([key, item]: [string, unknown]) => {
    if (typeof item !== "object" || item === null) {
      const label = textOf(item);
      return { value: Array.isArray(given) ? label : key, label };
    }
    const { value, id = value, label } = item as { value?: unknown; id?: unknown; label?: unknown };
    return { value: textOf(id ?? label), label: textOf(label ?? id) };
  });
}

const textOf = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";

/** As they are saved. */
export const byPlace = (buttons: readonly Button[]): Record<string, Button> =>
  Object.fromEntries(buttons.map((button, index) => [String(index + 1), button]));

/** What is wrong with them; both halves ask. */
export function wrongButtons(buttons: readonly Button[]): "buttons" | "twice" | undefined {
  if (buttons.length > MAX_BUTTONS) return "buttons";
  const fits = ({ value, label }: Button) =>
    value.length >= 1 && value.length <= MAX_VALUE && label.length >= 1 && label.length <= MAX_LABEL;
  if (!buttons.every(fits)) return "buttons";
  return new Set(buttons.map(({ value }) => value)).size < buttons.length ? "twice" : undefined;
}

/** As the dialog saves its line: what is no number stays as it was typed, so that it is refused and not taken for "for ever". */
export const minutesToSave = (line: string): number | string => minutesIn(line) ?? line.trim();

/** Undefined when they are none that can be: also `${VAR}` that is not set. */
export function minutesIn(saved: number | string): number | undefined {
  const minutes = typeof saved === "string" && saved.trim() === "" ? 0 : Number(saved);
  return minutes >= 0 && minutes <= MAX_VALID_MINUTES ? minutes : undefined;
}
