/** A device is known by its MAC: that alone stays through addresses, firmware updates and protocols (the `deviceId` of XOR and of 20002 differ). */

/** `AA:BB:CC:DD:EE:FF`, from whatever a device writes; undefined where it is none. */
export function macOf(text: unknown): string | undefined {
  if (typeof text !== "string") return undefined;
  const digits = text.replaceAll(/[:-]/g, "").toUpperCase();
  return /^[0-9A-F]{12}$/.test(digits) ? (digits.match(/../g) ?? []).join(":") : undefined;
}

export const idOfMac = (mac: string): string => `kasa-${mac.replaceAll(":", "").toLowerCase()}`;

/** Of a power strip's outlet, counted from 0. */
export const outletId = (strip: string, index: number): string => `${strip}-${String(index).padStart(2, "0")}`;
/** The device that has the connection: an outlet's strip, else the device itself. */
export const holderOf = (id: string): string => id.replace(/^(kasa-[0-9a-f]{12})-\d\d$/, "$1");
