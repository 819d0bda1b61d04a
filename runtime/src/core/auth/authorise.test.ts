import type { Role, Scope } from "@skein/contracts";
import { authorise } from "./authorise";
import type { Actor } from "./actor";

const actor = (by: Actor["by"], role?: Role, scopes: Scope[] = []): Actor => ({
  by,
  scopes,
  address: "127.0.0.1",
  ...(role && { account: { id: role, name: `The ${role}`, role } }),
});
const answer = (who: Actor, guarded: Parameters<typeof authorise>[1]): string => {
  try {
    authorise(who, guarded);
    return "may";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

it.each`
  who                                                  | guarded                                                    | expected
  ${actor("nobody")}                                   | ${{ access: "public" }}                                    | ${"may"}
  ${actor("nobody")}                                   | ${{ access: "viewer" }}                                    | ${"LOGIN_NEEDED"}
  ${actor("session", "viewer")}                        | ${{ access: "viewer" }}                                    | ${"may"}
  ${actor("session", "viewer")}                        | ${{ access: "operator" }}                                  | ${"ACCESS_DENIED"}
  ${actor("session", "operator")}                      | ${{ access: "operator", scopes: ["operate", "routines"] }} | ${"may"}
  ${actor("session", "designer")}                      | ${{ access: "admin" }}                                     | ${"ACCESS_DENIED"}
  ${actor("session", "admin")}                         | ${{ access: "viewer", scopes: ["admin"] }}                 | ${"may"}
  ${actor("token", "admin", ["read"])}                 | ${{ access: "viewer" }}                                    | ${"may"}
  ${actor("token", "admin", ["read"])}                 | ${{ access: "operator" }}                                  | ${"SCOPE_MISSING"}
  ${actor("token", "admin", ["read"])}                 | ${{ access: "viewer", scopes: ["admin"] }}                 | ${"SCOPE_MISSING"}
  ${actor("token", "admin", ["design"])}               | ${{ access: "operator" }}                                  | ${"may"}
  ${actor("token", "viewer", ["admin"])}               | ${{ access: "operator" }}                                  | ${"ACCESS_DENIED"}
  ${actor("token", "operator", ["routines"])}          | ${{ access: "operator", scopes: ["operate", "routines"] }} | ${"may"}
  ${actor("token", "operator", ["routines"])}          | ${{ access: "viewer" }}                                    | ${"SCOPE_MISSING"}
  ${actor("token", "operator", ["routines", "hooks"])} | ${{ access: "operator" }}                                  | ${"SCOPE_MISSING"}
  ${actor("token", "viewer", ["metrics"])}             | ${{ access: "viewer", scopes: ["read", "metrics"] }}       | ${"may"}
`("$who.by $who.account.role $who.scopes at $guarded: $expected", ({ who, guarded, expected }) =>
  expect(answer(who as Actor, guarded as { access: Role })).toBe(expected),
);
