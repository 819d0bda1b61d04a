import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import promises from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { openDocument } from "./document";

const schema = z.strictObject({ names: z.array(z.string()) });
let dir: string;
let file: string;
const opened = () => openDocument({ file, schema, empty: { names: [] } });

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "skein-document-"));
  file = join(dir, "deep", "names.json");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it("begins empty, writes nothing by itself, and is read again as it was written", async () => {
  const document = opened();
  expect(document.value).toEqual({ names: [] });
  expect(existsSync(file)).toBe(false);
  await document.update(({ names }) => ({ names: [...names, "anna"] }));
  expect(opened().value).toEqual({ names: ["anna"] });
});

it("makes changes one after the other, however many come at once", async () => {
  const document = opened();
  const names = Array.from({ length: 20 }, (_, index) => `n${index}`);
  await Promise.all(names.map((name) => document.update((value) => ({ names: [...value.names, name] }))));
  expect(document.value.names).toEqual(names);
  expect(opened().value.names).toEqual(names);
});

it("stays as it was when a change throws, and goes on", async () => {
  const document = opened();
  await document.update(() => ({ names: ["a"] }));
  await expect(
    document.update(() => {
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  await document.update(({ names }) => ({ names: [...names, "b"] }));
  expect(opened().value.names).toEqual(["a", "b"]);
});

it("says when the disk does not take it, and stays as it was", async () => {
  const document = opened();
  await document.update(() => ({ names: ["a"] }));
  // A folder in the place of the file: also root cannot rename onto it.
  rmSync(file);
  mkdirSync(join(file, "x"), { recursive: true });
  await expect(document.update(() => ({ names: ["b"] }))).rejects.toMatchObject({ code: "DOCUMENT_UNWRITABLE" });
  expect(document.value.names).toEqual(["a"]);
  rmSync(file, { recursive: true });
  await document.update(({ names }) => ({ names: [...names, "c"] }));
  expect(opened().value.names).toEqual(["a", "c"]);
});

it("has taken what stands in its place, also when the folder cannot be synced", async () => {
  const document = opened();
  await document.update(() => ({ names: ["a"] }));
  const real = promises.open.bind(promises);
  jest.spyOn(promises, "open").mockImplementation((path, ...more) => {
    if (path === join(dir, "deep")) return Promise.reject(Object.assign(new Error("i/o error"), { code: "EIO" }));
    return real(path, ...more);
  });
  await document.update(() => ({ names: ["b"] }));
  jest.restoreAllMocks();
  expect([document.value.names, opened().value.names]).toEqual([["b"], ["b"]]);
});

it.each([
  ["{", /it is no JSON/],
  [`{"names":[1]}`, /names.*text/],
  [`{"names":[],"more":1}`, /more/],
])("refuses %s, and leaves it where it is", (text, words) => {
  mkdirSync(join(dir, "deep"));
  writeFileSync(file, text);
  chmodSync(file, 0o600);
  expect(opened).toThrow(
    expect.objectContaining({ code: "DOCUMENT_UNREADABLE", message: expect.stringMatching(words) }),
  );
  expect(readFileSync(file, "utf8")).toBe(text);
});
