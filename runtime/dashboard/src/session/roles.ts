import type { Role } from "@skein/contracts";

/** The roles from least to most, as contracts has them (a test compares): importing the value would bring zod onto the page, 60 kB. */
export const ROLES: readonly Role[] = ["viewer", "operator", "designer", "admin"];

/** Whether a role may do what needs `least`. */
export const mayAct = (has: Role, least: Role): boolean => ROLES.indexOf(has) >= ROLES.indexOf(least);
