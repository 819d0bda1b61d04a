import { z } from "zod";

/**
 * Who may do what. A route names the least role that may use it; a role may do all that the ones before it may. What a designer
 * deploys is code that runs as the leader's user: whoever is made one is trusted with the whole house.
 */
export const ROLES = ["viewer", "operator", "designer", "admin"] as const;
export const role = z.enum(ROLES);
export type Role = z.output<typeof role>;

/**
 * What an API token is good for, besides what its account's role allows. The first four follow the roles (`read` for what a viewer may,
 * and so on; a wider one includes the narrower); the last three open one door only.
 */
export const SCOPES = ["read", "operate", "design", "admin", "routines", "hooks", "metrics"] as const;
export const scope = z.enum(SCOPES);
export type Scope = z.output<typeof scope>;

/** Whether a role may do what needs `least`. */
export const mayAct = (has: Role, least: Role): boolean => ROLES.indexOf(has) >= ROLES.indexOf(least);

/** The scope that goes with a role's own rights. */
export const scopeOfRole: Readonly<Record<Role, Scope>> = {
  viewer: "read",
  operator: "operate",
  designer: "design",
  admin: "admin",
};

/** Whether any of `has` opens what needs one of `wanted`. */
export function scopesOpen(has: readonly Scope[], wanted: readonly Scope[]): boolean {
  const ladder: readonly Scope[] = ROLES.map((each) => scopeOfRole[each]);
  const height = Math.max(-1, ...has.map((each) => ladder.indexOf(each)));
  return wanted.some((each) => has.includes(each) || (ladder.includes(each) && ladder.indexOf(each) <= height));
}
