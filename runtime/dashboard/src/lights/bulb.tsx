import type { DeviceView } from "@skein/contracts";
import { cssOf, isPlug, type Look } from "./look";

/** How a light looks, as a dot. What a plug switches nobody sees: it is on or off, and has no colour. */
export const Bulb = ({ kind, look, large }: { kind: DeviceView["kind"]; look: Look | undefined; large?: boolean }) => (
  <span
    class={`bulb ${isPlug(kind) ? "plug" : ""} ${large ? "large" : ""}`}
    aria-hidden="true"
    style={{ background: look === undefined ? "transparent" : isPlug(kind) && look.on ? "var(--accent)" : cssOf(look) }}
  />
);
