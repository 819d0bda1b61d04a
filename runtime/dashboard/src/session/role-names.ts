import type { Role } from "@skein/contracts";
import { defineWords } from "../i18n/define-words";

const en: Record<Role, string> = { viewer: "viewer", operator: "operator", designer: "designer", admin: "admin" };

/** What the roles are called. */
export const roleNames = defineWords({
  en,
  de: { viewer: "Betrachter", operator: "Bediener", designer: "Gestalter", admin: "Admin" },
});
