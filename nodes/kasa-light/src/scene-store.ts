/** Scenes and known devices of a direct connection, in the config node's context: with a context store on disk they outlive a restart. */
import type { Endpoint, Protocol } from "@skein/kasa";
import type { Node } from "node-red";
import type { Ordered } from "./light-desk";

export interface Scene {
  readonly name: string;
  readonly devices: readonly Ordered[];
}

export interface SceneStore {
  list(): readonly Scene[];
  /** One of the same name is replaced. */
  save(scene: Scene): void;
}

/** Where a device was last: an address never stands in a flow. */
export interface Known {
  readonly id: string;
  readonly endpoint?: Endpoint | undefined;
  readonly protocol?: Protocol | undefined;
}

export async function openScenes(node: Node): Promise<SceneStore> {
  let scenes = await read<Scene>(node, "scenes");
  return {
    list: () => scenes,
    save(scene) {
      const others = scenes.filter(({ name }) => name.toLowerCase() !== scene.name.toLowerCase());
      scenes = [...others, scene];
      write(node, "scenes", scenes);
    },
  };
}

export const readKnown = (node: Node): Promise<readonly Known[]> => read<Known>(node, "devices");
export const writeKnown = (node: Node, devices: readonly Known[]): void => write(node, "devices", devices);

/** A store that fails has nothing: devices are found again, and only scenes are lost. */
const read = <T>(node: Node, key: string): Promise<readonly T[]> =>
  new Promise((resolve) => {
    node.context().get(key, (error: Error | null, value: unknown) => {
      resolve(!error && Array.isArray(value) ? (value as T[]) : []);
    });
  });

const write = (node: Node, key: string, value: unknown): void =>
  node.context().set(key, value, (error?: Error | null) => {
    if (error) node.warn(`${key} could not be kept: ${error.message}`);
  });
