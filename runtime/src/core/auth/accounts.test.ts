/** Whose an account is and was: what it did is its resident's to have forgotten, whatever became of it since. */
import { seededRandom } from "@skein/kit";
import { tempDir, type TempDir } from "../../../../test/support/temp-dir";
import { openAccounts } from "./accounts";
import { createPasswords } from "./passwords";

let dir: TempDir;
let now: number;
beforeEach(() => {
  dir = tempDir("skein-accounts-");
  now = 1_000;
});
afterEach(() => dir.remove());
const open = () =>
  openAccounts(dir.join("accounts.json"), {
    clock: { now: () => now },
    passwords: createPasswords(seededRandom(1)),
  });

it("is known of a resident under every name, also after a restart, until the resident is released", async () => {
  const accounts = open();
  await accounts.create({ id: "a", name: "Anna", role: "operator", resident: "anna" });
  await accounts.create({ id: "b", name: "Bo", role: "operator", resident: "bo" });
  now = 2_000;
  await accounts.patch("a", { name: "Annabel" });
  const hers = { id: "a", from: 1_000, until: undefined };
  expect(accounts.tracesOf("anna")).toEqual({ accounts: [hers], names: ["Annabel", "Anna"] });
  await accounts.patch("a", { resident: null });
  expect(open().tracesOf("anna")).toEqual({ accounts: [{ ...hers, until: 2_000 }], names: ["Annabel", "Anna"] });
  now = 3_000;
  await accounts.patch("a", { resident: "anna" });
  const again = { id: "a", from: 2_000, until: undefined };
  expect(open().tracesOf("anna").accounts).toEqual([again, { ...hers, until: 2_000 }]);
  await accounts.releaseResident("anna");
  expect(open().tracesOf("anna")).toEqual({ accounts: [], names: [] });
  expect(open().get("a")).not.toHaveProperty("resident");
  expect(open().tracesOf("bo")).toEqual({ accounts: [{ ...hers, id: "b" }], names: ["Bo"] });
});

it("is a resident's only while it is: what was done with it before it was theirs, or since, is somebody else's", async () => {
  const accounts = open();
  await accounts.create({ id: "a", name: "Anna", role: "operator", resident: "anna" });
  now = 2_000;
  await accounts.patch("a", { resident: "bo", name: "Bo" });
  const annas = { accounts: [{ id: "a", from: 1_000, until: 2_000 }], names: ["Anna"] };
  expect(open().tracesOf("anna")).toEqual(annas);
  expect(open().tracesOf("bo")).toEqual({ accounts: [{ id: "a", from: 2_000, until: undefined }], names: ["Bo"] });
  now = 3_000;
  await accounts.remove("a");
  // That it was removed is told after it was, and is still about Bo.
  const bos = { id: "a", from: 2_000, until: undefined };
  expect(open().tracesOf("bo").accounts).toEqual([bos]);
  now = 4_000;
  await accounts.create({ id: "a", name: "Admin", role: "admin" });
  expect(open().tracesOf("bo")).toEqual({ accounts: [{ ...bos, until: 4_000 }], names: ["Bo"] });
  expect(open().tracesOf("anna")).toEqual(annas);
});

it("is known of its resident also by the names that it had before it was theirs", async () => {
  const accounts = open();
  await accounts.create({ id: "a", name: "Hall", role: "operator" });
  await accounts.patch("a", { name: "Kitchen" });
  await accounts.patch("a", { resident: "anna" });
  expect(open().tracesOf("anna").names).toEqual(["Kitchen", "Hall"]);
  await accounts.patch("a", { resident: null });
  await accounts.patch("a", { resident: "bo" });
  expect(open().tracesOf("anna").names).toEqual(["Kitchen", "Hall"]);
  expect(open().tracesOf("bo").names).toEqual(["Kitchen"]);
});

it("says which admin it is that stays: the last at all, or the last who has a password", async () => {
  const accounts = open();
  await accounts.create({ id: "a", name: "Anna", role: "admin" });
  const refused = (message: string) => ({ code: "LAST_ADMIN", message });
  await expect(accounts.remove("a")).rejects.toMatchObject(
    refused("this is the last admin: make somebody else one first."),
  );
  await accounts.create({ id: "b", name: "Bo", role: "admin", password: "three random words" });
  await expect(accounts.patch("b", { role: "viewer" })).rejects.toMatchObject(
    refused("this is the last admin who has a password: make somebody else one first."),
  );
});
