import { mediaHash, pictureTypeOf } from "./media";

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

it("names bytes by what they are, as an id that a topic takes", () => {
  // NIST's example for SHA-256 of "abc" begins so.
  expect(mediaHash(Buffer.from("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a3");
});

it.each`
  bytes                         | type            | because
  ${[0xff, 0xd8, 0xff, 0xe0]}   | ${"image/jpeg"} | ${"SOI and the marker of JFIF"}
  ${[...PNG, 0]}                | ${"image/png"}  | ${"the signature"}
  ${PNG.slice(0, 7)}            | ${undefined}    | ${"half a signature"}
  ${[0x47, 0x49, 0x46, 0x38]}   | ${undefined}    | ${"a GIF"}
  ${[...Buffer.from("<svg/>")]} | ${undefined}    | ${"an SVG, which can hold a script"}
  ${[]}                         | ${undefined}    | ${"nothing"}
`("takes $because for $type", ({ bytes, type }: { bytes: number[]; type: unknown }) => {
  expect(pictureTypeOf(Uint8Array.from(bytes))).toBe(type);
});
