/** Scenes: how each of some devices is to be, kept under a name in devices.json, and told to the bus by name. */
import type { Bus } from "@skein/bus";
import { DEVICE_LIMITS, scenesState, type DeviceChange, type LightStateView, type SceneView } from "@skein/contracts";
import { messageOf, SkeinError, type Document, type Logger } from "@skein/kit";
import type { OnChanged } from "../event-sink";
import { idFrom } from "../id-from";
import type { Devices } from "./devices";
import type { DevicesFile } from "./document";
import type { WantedChange } from "./reach";

export interface Scenes {
  list(): readonly SceneView[];
  /** By id or name. @throws SkeinError SCENE_UNKNOWN */
  get(idOrName: string): SceneView;
  /**
   * How these stand now, as last confirmed; one of this name is made anew and keeps its id.
   * @throws SkeinError DEVICE_UNKNOWN, DEVICE_UNSEEN, SCENES_FULL, DOCUMENT_UNWRITABLE
   */
  save(name: string, devices: readonly string[]): Promise<SceneView>;
  /** @throws SkeinError SCENE_UNKNOWN, DOCUMENT_UNWRITABLE */
  remove(id: string): Promise<SceneView>;
  /** What applying it changes. @throws SkeinError SCENE_UNKNOWN */
  changesOf(idOrName: string, transitionMs?: number): readonly WantedChange[];
  close(): void;
}

export interface ScenesParts {
  readonly document: Document<DevicesFile>;
  readonly devices: Pick<Devices, "get" | "listen">;
  readonly bus: Pick<Bus, "publish">;
  readonly logger: Logger;
  readonly onChanged: OnChanged;
}

/** Tells the bus at once which there are. */
export function createScenes({ document, devices, bus, logger, onChanged }: ScenesParts): Scenes {
  const publish = () =>
    void bus
      .publish(scenesState, {}, { scenes: document.value.scenes.map(({ id, name }) => ({ id, name })) })
      .catch((error: unknown) => logger.error({ reason: messageOf(error) }, "the scenes could not be told to the bus"));
  const update = async (change: (scenes: readonly SceneView[]) => SceneView[]) => {
    await document.update((file) => ({ ...file, scenes: change(file.scenes) }));
    publish();
    onChanged("scenes");
  };
  const get = (idOrName: string): SceneView => {
    const { scenes } = document.value;
    const scene = scenes.find(({ id }) => id === idOrName) ?? scenes.find(({ name }) => said(name) === said(idOrName));
    if (!scene) throw new SkeinError("SCENE_UNKNOWN", `there is no scene "${idOrName}".`);
    return scene;
  };
  /** A device that left is in no scene, and a scene of nothing is none. */
  const forget = async (device: string) => {
    if (!document.value.scenes.some(({ devices: set }) => set.some((each) => each.device === device))) return;
    await update((scenes) =>
      scenes
        .map((scene) => ({ ...scene, devices: scene.devices.filter((each) => each.device !== device) }))
        .filter((scene) => scene.devices.length > 0),
    );
  };
  const close = devices.listen({
    removed: (id) =>
      void forget(id).catch((error: unknown) =>
        logger.warn({ reason: messageOf(error) }, `${id} left the house, and not its scenes`),
      ),
  });
  publish();
  return {
    list: () => document.value.scenes,
    get,
    async save(name, ids) {
      const set = [...new Set(ids)].map((device) => ({ device, set: asItIs(devices.get(device)) }));
      let made: SceneView | undefined;
      await update((scenes) => {
        const before = scenes.find((scene) => said(scene.name) === said(name));
        if (!before && scenes.length >= DEVICE_LIMITS.scenes)
          throw new SkeinError("SCENES_FULL", `the house keeps ${DEVICE_LIMITS.scenes} scenes at most.`);
        const id = before?.id ?? idFrom(name, (taken) => scenes.some((scene) => scene.id === taken));
        made = { id, name, devices: set };
        return [...scenes.filter((scene) => scene !== before), made].toSorted((a, b) => a.name.localeCompare(b.name));
      });
      return made ?? get(name);
    },
    async remove(id) {
      const scene = document.value.scenes.find((each) => each.id === id);
      if (!scene) throw new SkeinError("SCENE_UNKNOWN", `there is no scene "${id}".`);
      await update((scenes) => scenes.filter((each) => each.id !== id));
      return scene;
    },
    changesOf: (idOrName, transitionMs) =>
      get(idOrName).devices.map(({ device, set }) => ({
        device,
        set: { ...set, ...(transitionMs !== undefined && { transitionMs }) },
      })),
    close,
  };
}

function asItIs({ name, state }: { readonly name: string; readonly state?: LightStateView | undefined }): DeviceChange {
  if (!state)
    throw new SkeinError("DEVICE_UNSEEN", `it is not known how "${name}" stands: it has not answered yet.`, {
      hint: "Leave it out, or try again when it is there.",
    });
  // What one that is off comes back with is its own affair.
  if (!state.on) return { on: false };
  return { ...state };
}

const said = (text: string): string => text.normalize("NFC").trim().toLowerCase();

/** For the history's sentences. */
export const devicesIn = (count: number): string => (count === 1 ? "1 device" : `${count} devices`);
