/** What Prometheus reads of devices. */
import { deviceCondition } from "@skein/contracts";
import { Gauge, type Registry } from "prom-client";
import type { Devices } from "./devices";

export function gaugeDevices(registry: Registry, devices: Pick<Devices, "list">): void {
  void new Gauge({
    name: "skein_devices",
    help: "Devices of the house by how they are reached",
    labelNames: ["condition"],
    registers: [registry],
    collect() {
      for (const condition of deviceCondition.options) this.set({ condition }, 0);
      for (const { diagnosis } of devices.list()) this.inc({ condition: diagnosis.condition });
    },
  });
}
