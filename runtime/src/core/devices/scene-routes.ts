/** `/scenes`: how several devices are to be together, under a name. */
import { devicesReached, idText, sceneCreate, sceneList, sceneView } from "@skein/contracts";
import type { Clock } from "@skein/kit";
import { z } from "zod";
import { defineRoute, type Route } from "../api/route";
import type { DeviceSide } from "./open-devices";
import { devicesIn } from "./scenes";

export interface SceneRouteParts {
  readonly deviceSide: Pick<DeviceSide, "devices" | "scenes" | "audit">;
  readonly clock: Clock;
}

const sceneParams = z.strictObject({ id: idText });
const sceneApply = z.strictObject({
  /** How long the change takes, ms. */
  transitionMs: z.int().min(0).max(600_000).optional(),
});

export function sceneRoutes({ deviceSide, clock }: SceneRouteParts): Route[] {
  const eventOf = ({ id }: { id: string }, data: Record<string, string | number>) => ({
    subject: { kind: "scene", id },
    data,
  });
  return [
    defineRoute({
      method: "get",
      path: "/scenes",
      access: "viewer",
      summary: "The scenes, with what is in them.",
      response: sceneList,
      handle: () => ({ scenes: [...deviceSide.scenes.list()] }),
    }),
    defineRoute({
      method: "post",
      path: "/scenes",
      access: "operator",
      summary: "Keep how these devices stand now as a scene; one of this name is made anew and keeps its id.",
      body: sceneCreate,
      response: sceneView,
      status: 201,
      errors: ["DEVICE_UNKNOWN", "DEVICE_UNSEEN", "SCENES_FULL"],
      async handle({ actor, body: { name, devices } }) {
        const scene = await deviceSide.scenes.save(name, devices);
        const count = scene.devices.length;
        const text = `The scene "${name}" was saved with ${devicesIn(count)}.`;
        deviceSide.audit.tell(actor, "scene-saved", text, eventOf(scene, { name, count }));
        return scene;
      },
    }),
    defineRoute({
      method: "delete",
      path: "/scenes/{id}",
      access: "operator",
      summary: "Take a scene away; its devices stay as they are.",
      params: sceneParams,
      errors: ["SCENE_UNKNOWN"],
      current: ({ params }) => deviceSide.scenes.get(params.id),
      async handle({ actor, params: { id } }) {
        const scene = await deviceSide.scenes.remove(id);
        const text = `The scene "${scene.name}" was removed.`;
        deviceSide.audit.tell(actor, "scene-removed", text, eventOf(scene, { name: scene.name }));
      },
    }),
    defineRoute({
      method: "post",
      path: "/scenes/{id}/apply",
      access: "operator",
      summary: "Make the devices of a scene so, all at once; answered with what became of each.",
      params: sceneParams,
      body: sceneApply,
      response: devicesReached,
      errors: ["SCENE_UNKNOWN", "DEVICE_UNKNOWN", "DEVICE_UNREACHABLE", "DEVICE_CANNOT", "DEVICE_REFUSED"],
      async handle({ actor, params: { id }, body: { transitionMs } }) {
        const arrivedAt = clock.monotonic();
        const { devices, scenes, audit } = deviceSide;
        const { name } = scenes.get(id);
        const by = { issuer: actor.account?.id ?? "nobody" };
        const outcome = await devices.set(scenes.changesOf(id, transitionMs), by, arrivedAt);
        const reached = outcome.devices.filter(({ ok }) => ok).length;
        const of = outcome.devices.length;
        const text = `The scene "${name}" was applied: ${reached} of ${devicesIn(of)}.`;
        audit.tell(actor, "scene-applied", text, eventOf({ id }, { name, reached, of }));
        return outcome;
      },
    }),
  ];
}
