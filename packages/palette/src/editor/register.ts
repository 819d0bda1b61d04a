/** A node's half in the browser, typed by the config that it shares with its runtime half. */
import type { EditorRED } from "node-red";

declare const RED: EditorRED;

/** `this` in every function of a definition: the node's saved settings and what the editor adds. */
export type EditedNode<C> = C & {
  id: string;
  type: string;
  z?: string;
  changed?: boolean;
  _(key: string, values?: Record<string, unknown>): string;
};

/** What the editor knows of one setting. */
export interface Setting<V> {
  value: V;
  type?: string;
  required?: boolean;
  /** A text says what is wrong; Node-RED takes it only from a function that names both parameters. */
  validate?: (value: V | undefined, options: object) => boolean | string;
}

/** Every setting with its default as config.ts has it; `more` adds what else the editor is to know of some. */
export function defaultsOf<C extends object>(
  values: C,
  more: { [K in keyof C]?: Omit<Setting<C[K]>, "value"> } & ThisType<EditedNode<C>> = {},
): NodeDefinition<C>["defaults"] {
  const settings = Object.entries(values).map(([key, value]) => [
    key,
    { value: value as unknown, ...more[key as keyof C] },
  ]);
  return Object.fromEntries(settings) as NodeDefinition<C>["defaults"];
}

export interface NodeDefinition<C> {
  category: string;
  color?: string;
  icon?: string;
  align?: "right";
  defaults: { [K in keyof C]: Setting<C[K]> };
  credentials?: Readonly<Record<string, { readonly type: "text" | "password" }>>;
  inputs?: 0 | 1;
  outputs?: number;
  paletteLabel?: string | (() => string);
  inputLabels?: () => string;
  outputLabels?: (index: number) => string;
  label: () => string;
  labelStyle?: () => string;
  onadd?: () => void;
  oneditprepare?: () => void;
  oneditsave?: () => void;
  button?: { enabled?: () => boolean; onclick: () => void };
}

export function registerNode<C extends object>(
  type: `skein-${string}`,
  definition: NodeDefinition<C> & ThisType<EditedNode<C>>,
): void {
  RED.nodes.registerType(type, definition as never);
}
