/** `/privacy`: for everybody to see, for an operator to switch. */
import { privacyPut, privacyView } from "@skein/contracts";
import { defineRoute, type Route } from "../api/route";
import type { Privacy } from "./privacy";

export interface PrivacyRouteParts {
  readonly privacy: Pick<Privacy, "view" | "set">;
}

export function privacyRoutes({ privacy }: PrivacyRouteParts): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/privacy",
      access: "viewer",
      summary: "Whether every camera and microphone is to be off, and what each says of itself.",
      response: privacyView,
      handle: () => privacy.view(),
    }),
    defineRoute({
      method: "put",
      path: "/privacy",
      access: "operator",
      summary: "Every camera and microphone off, or allowed again. Each confirms it by its own state.",
      body: privacyPut,
      response: privacyView,
      handle: ({ actor, body }) => privacy.set(actor, body.on),
    }),
  ];
}
