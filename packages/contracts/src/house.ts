import { z } from "zod";
import { registryView } from "./api/registry";
import { defineMessage } from "./define-message";

/** Rooms, residents (id and name, nothing else of them) and what stands where, so that dialogs have live lists. */
export const houseState = defineMessage({
  topic: "leader/house",
  kind: "state",
  writer: "leader",
  what: "the house: rooms, residents by id and name, which follower or device stands in which room",
  schema: registryView,
  // As many as the registry takes (REGISTRY_LIMITS), with the longest names, fit.
  maxBytes: 256 * 1024,
  concerns: ({ residents }) => residents.map(({ id }) => id),
});

/** The house's switch against cameras and microphones. Followers obey it by themselves, also after a restart. */
export const privacyState = defineMessage({
  topic: "leader/privacy",
  kind: "state",
  writer: "leader",
  what: "whether every camera and microphone is to be off; a follower that never heard it keeps them off",
  schema: z.object({
    on: z.boolean(),
    /** When it was switched, ms of the leader's clock; absent while it never was. */
    since: z.number().optional(),
    /** The account that switched it. */
    by: z.string().max(63).optional(),
  }),
  names: ({ by }) => (by === undefined ? [] : [by]),
});
