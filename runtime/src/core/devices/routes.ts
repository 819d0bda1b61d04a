/** `/devices`: what is in the house and what was found, switching, taking in and giving up. */
import {
  credentialsPut,
  deviceAdopt,
  devicePatch,
  devicePatched,
  deviceProbe,
  deviceProbed,
  devicesView,
  deviceView,
  idText,
} from "@skein/contracts";
import type { Clock } from "@skein/kit";
import { z } from "zod";
import { defineRoute, type Route } from "../api/route";
import type { HouseRegistry } from "../registry/house-registry";
import type { DeviceSide } from "./open-devices";
import { toTenths } from "./reach";
import { sceneRoutes } from "./scene-routes";

export interface DeviceRouteParts {
  readonly deviceSide: Pick<DeviceSide, "devices" | "scenes" | "discovery" | "credentials" | "audit">;
  readonly registry: Pick<HouseRegistry, "placeOf">;
  readonly clock: Clock;
}

const deviceParams = z.strictObject({ id: idText });
/** Of the newer protocols, and of the devices behind them, every switch may fail so. */
const SWITCH_ERRORS = ["DEVICE_UNKNOWN", "DEVICE_UNREACHABLE", "DEVICE_CANNOT", "DEVICE_REFUSED"];

export function deviceRoutes({ deviceSide, registry, clock }: DeviceRouteParts): Route[] {
  const about = (id: string) => {
    const { name } = deviceSide.devices.get(id);
    const { room } = registry.placeOf("device", id);
    return { id, name, room };
  };
  const eventOf = ({ id, name, room }: ReturnType<typeof about>, more: Record<string, string> = {}) => ({
    subject: { kind: "device", id },
    ...(room !== undefined && { room }),
    data: { name, ...more },
  });
  return [
    defineRoute({
      method: "get",
      path: "/devices",
      access: "viewer",
      summary:
        "The house's devices, those that were found and are not in it, and whether it has the account that the newer ones ask for.",
      response: devicesView,
      handle: () => deviceSide.devices.view(),
    }),
    defineRoute({
      method: "post",
      path: "/devices",
      access: "designer",
      summary: "Take a found device into the house, with its name, room and groups, or nothing of it.",
      body: deviceAdopt,
      response: deviceView,
      status: 201,
      errors: ["DEVICE_UNKNOWN", "DEVICE_IN_HOUSE", "ROOM_UNKNOWN", "GROUP_UNKNOWN", "REGISTRY_FULL"],
      async handle({ actor, body }) {
        const { devices, audit } = deviceSide;
        const made = await devices.adopt(body);
        const text = `"${made.name}" came into the house.`;
        audit.tell(actor, "device-adopted", text, eventOf(about(made.id), { model: made.model ?? "" }));
        return made;
      },
    }),
    defineRoute({
      method: "post",
      path: "/devices/discover",
      access: "operator",
      summary: "Look for devices now; answered when who is there has had time to answer.",
      response: devicesView,
      async handle() {
        await deviceSide.discovery.look();
        return deviceSide.devices.view();
      },
    }),
    defineRoute({
      method: "post",
      path: "/devices/probe",
      access: "designer",
      summary:
        "Ask one host that no discovery reaches; what answers is found from then on, and a device of the house that moved there is reached there.",
      body: deviceProbe,
      response: deviceProbed,
      async handle({ body: { host } }) {
        const { devices, discovery } = deviceSide;
        return devices.recognise(await discovery.probe(host));
      },
    }),
    defineRoute({
      method: "put",
      path: "/devices/credentials",
      access: "admin",
      summary: "User and password of the account with the maker; they are kept encrypted and never told again.",
      body: credentialsPut,
      async handle({ actor, body }) {
        await deviceSide.credentials.set(body);
        deviceSide.audit.tell(actor, "device-credentials", "The Kasa account was entered.", { data: { set: true } });
      },
    }),
    defineRoute({
      method: "delete",
      path: "/devices/credentials",
      access: "admin",
      summary: "Forget user and password of the account with the maker.",
      async handle({ actor }) {
        await deviceSide.credentials.set(undefined);
        deviceSide.audit.tell(actor, "device-credentials", "The Kasa account was forgotten.", { data: { set: false } });
      },
    }),
    // After those of a word of their own: an id may be any.
    defineRoute({
      method: "get",
      path: "/devices/{id}",
      access: "viewer",
      summary: "One device: how it stands, why, and how it is reached.",
      params: deviceParams,
      response: deviceView,
      errors: ["DEVICE_UNKNOWN"],
      handle: ({ params }) => deviceSide.devices.get(params.id),
    }),
    defineRoute({
      method: "patch",
      path: "/devices/{id}",
      access: "operator",
      summary: "Switch, dim or colour a device; answered when it has said yes, with how long that took.",
      params: deviceParams,
      body: devicePatch,
      response: devicePatched,
      errors: SWITCH_ERRORS,
      async handle({ actor, params: { id }, body }) {
        const { devices, audit } = deviceSide;
        const { state, ms } = await devices.setOne(id, body, { issuer: actor.account?.id ?? "nobody" });
        audit.switched(actor, about(id), body);
        return { ...devices.get(id), state, ms: toTenths(ms) };
      },
    }),
    defineRoute({
      method: "delete",
      path: "/devices/{id}",
      access: "designer",
      summary: "Give a device up: it leaves the house, its room and its groups. A power strip goes with its outlets.",
      params: deviceParams,
      errors: ["DEVICE_UNKNOWN", "DEVICE_IS_OUTLET"],
      async handle({ actor, params: { id } }) {
        const { devices, audit } = deviceSide;
        const before = devices.has(id) ? about(id) : { id, name: id, room: undefined };
        await devices.giveUp(id);
        audit.tell(actor, "device-given-up", `"${before.name}" left the house.`, eventOf(before));
      },
    }),
    ...sceneRoutes({ deviceSide, clock }),
  ];
}
