import { mayAct as reference, ROLES as REFERENCE } from "@skein/contracts";
import { mayAct, ROLES } from "./roles";

it("the page's roles are the house's", () => {
  expect(ROLES).toEqual(REFERENCE);
  for (const has of ROLES) for (const least of ROLES) expect(mayAct(has, least)).toBe(reference(has, least));
});
