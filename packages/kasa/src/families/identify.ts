/** Which family a device is of: XOR is the older one's alone; over the newer protocols both exist, so it is asked. */
import type { Session } from "../protocol";
import type { Family } from "./family";
import { createIot, SYSINFO } from "./iot";
import { createSmart } from "./smart";
import { askComponents } from "./smart-components";

export async function identify(session: Session): Promise<Family> {
  if (session.protocol === "xor") return createIot();
  const answer = (await session.request(SYSINFO)) as Record<string, unknown>;
  return answer["system"] === undefined ? createSmart(await askComponents(session)) : createIot();
}
