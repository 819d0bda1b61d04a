/** A follower as the API and the page show it. */
import type { FollowerView } from "@skein/contracts";
import type { Watched } from "@skein/fleet";

export function followerView(watched: Watched): FollowerView {
  const { id, verdict, birth, heartbeat, metrics } = watched;
  return {
    id,
    name: birth?.name ?? id,
    virtual: birth?.virtual ?? verdict.virtual,
    verdict,
    ...(verdict.lastSeenAt !== undefined && { lastSeenAt: verdict.lastSeenAt }),
    ...(metrics && { metrics }),
    capabilities: (birth?.capabilities ?? []).map((capability) => {
      const condition = heartbeat?.capabilities[capability.name];
      return { ...capability, ...(condition && { condition }) };
    }),
    ...(birth && { host: birth.host }),
    ...(birth?.via !== undefined && { via: birth.via }),
    ...(birth?.controls && { controls: birth.controls.actions }),
  };
}
