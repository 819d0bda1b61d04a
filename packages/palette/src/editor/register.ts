/** A node's half in the browser, typed by the config that it shares with its runtime half. */
import type { EditorRED } from "node-red";
import { preselectBus } from "./bus-select";
import { notify } from "./style";

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

/** What every node of ours does alike on the canvas: it takes the bus that is there, and a name of its own stands aslant. */
const usual: Partial<NodeDefinition<object>> & ThisType<EditedNode<{ name?: string; bus?: string }>> = {
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  onadd() {
    preselectBus(this);
  },
};

export function registerNode<C extends object>(
  type: `skein-${string}`,
  definition: NodeDefinition<C> & ThisType<EditedNode<C>>,
): void {
  RED.nodes.registerType(type, { ...(definition.category === "config" ? {} : usual), ...definition } as never);
}

/** What a button does with a deployed node: resolves with what to tell whoever pressed it. */
export type Press<C> = (node: EditedNode<C>) => Promise<string>;

/** The button on a node. Only what is deployed can be pressed. */
export function nodeButton<C>(press: Press<C>): NonNullable<NodeDefinition<object>["button"]> {
  return {
    enabled(this: EditedNode<C>) {
      return !this.changed;
    },
    onclick(this: EditedNode<C>) {
      void tellOutcome(press(this));
    },
  };
}

/** The same in its dialog. */
export function dialogButton<C>(selector: string, node: EditedNode<C>, press: Press<C>): void {
  $(selector)
    .prop("disabled", node.changed === true)
    .on("click", (event) => {
      event.preventDefault();
      void tellOutcome(press(node));
    });
}

const tellOutcome = (pressed: Promise<string>): Promise<void> =>
  pressed.then(
    (said) => notify(said, "success"),
    (error: Error) => notify(error.message, "error"),
  );
