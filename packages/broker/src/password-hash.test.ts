import { createHash } from "node:crypto";
import { seededRandom, systemRandom } from "@skein/kit";
import { hashPassword, isMosquittoHash, passwordFits } from "./password-hash";

/** Made by `mosquitto_passwd -b` of Mosquitto 2.0.11 for the password "Garage-1". */
const BY_MOSQUITTO =
  "$7$101$fbME6SApDIjTp/bo$rVXc4LEpbbvHRuDmTkq+wkkS9Ud9NwyFf5zhWvMCY7U5xmIm7xu9cx5C7DRhG9V2npV/MJz4IRAO+aWctbB4FA==";
const old = (password: string) => `sha256$salt$${createHash("sha256").update(`salt$${password}`).digest("base64url")}`;

test.each`
  hash                                    | password      | fits     | because
  ${hashPassword("secret", systemRandom)} | ${"secret"}   | ${true}  | ${"our own hash knows its password"}
  ${hashPassword("secret", systemRandom)} | ${"secret "}  | ${false} | ${"and no other"}
  ${hashPassword("secret", systemRandom)} | ${""}         | ${false} | ${"nor none"}
  ${BY_MOSQUITTO}                         | ${"Garage-1"} | ${true}  | ${"what mosquitto_passwd made is read"}
  ${BY_MOSQUITTO}                         | ${"garage-1"} | ${false} | ${"but for its own password only"}
  ${old("secret")}                        | ${"secret"}   | ${true}  | ${"a house from before keeps its passwords"}
  ${old("secret")}                        | ${"Secret"}   | ${false} | ${"each of them"}
  ${"secret"}                             | ${"secret"}   | ${false} | ${"a password in plain is no hash"}
  ${"$7$101$$"}                           | ${""}         | ${false} | ${"an empty hash is nobody's"}
  ${"sha256$$"}                           | ${""}         | ${false} | ${"of either kind"}
  ${"$7$0$AAAA$AAAA"}                     | ${"x"}        | ${false} | ${"no iterations at all are none"}
  ${"$7$9999999999$AAAA$AAAA"}            | ${"x"}        | ${false} | ${"and too many are not begun"}
`("$because", ({ hash, password, fits }: { hash: string; password: string; fits: boolean }) => {
  expect(passwordFits(hash, password)).toBe(fits);
});

test("the same password is never kept the same way twice", () => {
  const random = seededRandom(1);
  const [one, two] = [hashPassword("secret", random), hashPassword("secret", random)];
  expect(one).not.toBe(two);
  expect([one, old("secret")].map(isMosquittoHash)).toEqual([true, false]);
});
