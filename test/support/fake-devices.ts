import type {
  DeviceAdopt,
  DeviceChange,
  DevicesView,
  DeviceView,
  GroupView,
  LightStateView,
  LiveResource,
  RegistryView,
  SceneView,
} from "@skein/contracts";
import type { Express } from "express";

/** Of a fake house, what its lights are in. */
interface LitHouse {
  devices: DevicesView;
  scenes: SceneView[];
  registry: RegistryView;
}

/** Lights as the page asks for them: each does at once what it is told. */
export function fakeDevices(app: Express, api: LitHouse, changed: (resource: LiveResource) => void): void {
  const find = (id: string) => api.devices.devices.find((device) => device.id === id);
  app.get("/devices", (_req, res) => void res.json(api.devices));
  app.post("/devices/discover", (_req, res) => void res.json(api.devices));
  app.post("/devices/probe", (req, res) => {
    const { host } = req.body as { host: string };
    const at = ({ address }: { address?: string | undefined }) => address?.startsWith(`${host}:`) ?? false;
    const { found, devices } = api.devices;
    res.json({
      found: found.filter(at),
      house: devices.filter(at).map(({ id, name, address }) => ({ id, name, address })),
    });
  });
  app.put("/devices/credentials", (_req, res) => {
    api.devices = { ...api.devices, credentials: true };
    res.status(204).end();
  });
  app.post("/devices", (req, res) => {
    const { id, name, room, groups = [] } = req.body as DeviceAdopt;
    const light = fakeLight(id, name ?? id);
    api.devices = {
      ...api.devices,
      devices: [...api.devices.devices, light],
      found: api.devices.found.filter((each) => each.id !== id),
    };
    if (room !== undefined)
      api.registry = { ...api.registry, places: [...api.registry.places, { kind: "device", id, room }] };
    const joined = (group: GroupView) =>
      groups.includes(group.id) ? { ...group, devices: [...group.devices, id] } : group;
    api.registry = { ...api.registry, groups: api.registry.groups.map(joined) };
    changed("devices");
    changed("registry");
    res.status(201).json(light);
  });
  app.patch("/devices/:id", (req, res) => {
    const light = find(req.params.id);
    if (!light?.state) return void res.status(404).end();
    const now = { ...light, state: afterwards(light.state, req.body as DeviceChange) };
    api.devices = { ...api.devices, devices: api.devices.devices.map((each) => (each === light ? now : each)) };
    res.json({ ...now, ms: 4 });
  });
  app.delete("/devices/:id", (req, res) => {
    api.devices = {
      ...api.devices,
      devices: api.devices.devices.filter(({ id, parent }) => (parent ?? id) !== req.params.id),
    };
    changed("devices");
    res.status(204).end();
  });
  app.get("/scenes", (_req, res) => void res.json({ scenes: api.scenes }));
  app.post("/scenes", (req, res) => {
    const { name, devices } = req.body as { name: string; devices: string[] };
    const scene = { id: name.toLowerCase(), name, devices: devices.map((device) => ({ device, set: { on: true } })) };
    api.scenes = [...api.scenes.filter(({ id }) => id !== scene.id), scene];
    changed("scenes");
    res.status(201).json(scene);
  });
  app.post("/scenes/:id/apply", (req, res) => {
    const set = api.scenes.find(({ id }) => id === req.params.id)?.devices ?? [];
    const reached = ({ device }: { device: string }) =>
      find(device)?.diagnosis.condition === "ok"
        ? { device, ok: true, state: { on: true }, ms: 4 }
        : { device, ok: false, code: "DEVICE_UNREACHABLE", message: "it is not reached." };
    res.json({ devices: set.map(reached) });
  });
  app.patch("/groups/:id", (req, res) => {
    const groups = api.registry.groups.map((group) =>
      group.id === req.params.id ? { ...group, ...(req.body as object) } : group,
    );
    api.registry = { ...api.registry, groups };
    changed("registry");
    res.json(groups.find(({ id }) => id === req.params.id));
  });
  app.post("/groups", (req, res) => {
    const { name, devices } = req.body as { name: string; devices: string[] };
    const group = { id: name.toLowerCase(), name, devices };
    api.registry = { ...api.registry, groups: [...api.registry.groups, group] };
    changed("registry");
    res.status(201).json(group);
  });
}

function afterwards(
  state: LightStateView,
  { on, brightness, hue, saturation, kelvin, effect }: DeviceChange,
): LightStateView {
  if (on === false) return { ...state, on: false };
  const dimmed = { on: true, brightness: brightness ?? state.brightness };
  if (typeof effect === "string") return { ...dimmed, effect };
  if (hue !== undefined) return { ...dimmed, hue, saturation };
  return kelvin === undefined ? { ...state, ...dimmed } : { ...dimmed, kelvin };
}

export const fakeLight = (id: string, name: string, parts: Partial<DeviceView> = {}): DeviceView => ({
  id,
  name,
  alias: name,
  kind: "bulb",
  model: "KL130(EU)",
  mac: "50:C7:BF:00:00:01",
  firmware: "1.8.11",
  protocol: "xor",
  address: "192.168.1.20:9999",
  abilities: {
    brightness: true,
    color: true,
    kelvin: { min: 2500, max: 9000 },
    effects: [],
    transition: true,
    energy: false,
  },
  state: { on: false, brightness: 60, kelvin: 2700 },
  diagnosis: { condition: "ok", since: 1_780_000_000_000, text: "it is connected.", tried: [] },
  virtual: false,
  ...parts,
});
