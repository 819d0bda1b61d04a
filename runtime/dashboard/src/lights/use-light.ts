import type { DeviceView } from "@skein/contracts";
import { useMemo } from "preact/hooks";
import { usePage } from "../view/page";
import { createSender, type Sender } from "./sender";

/** How one light is ordered: each order is a PATCH, and what the light answers is shown at once. */
export function useLight(id: string): Sender {
  const { api, resources } = usePage();
  return useMemo(
    () =>
      createSender(async (change) => {
        const reached = await api.patch<DeviceView>(`devices/${encodeURIComponent(id)}`, change);
        resources.device(reached);
      }),
    [id],
  );
}
