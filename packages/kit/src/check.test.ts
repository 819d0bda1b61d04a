import { z } from "zod";
import { check } from "./check";

const schema = z.strictObject({
  name: z.string().min(1).max(5).optional(),
  count: z.int().min(0).max(9).optional(),
  share: z.number().gt(0).lt(1).optional(),
  on: z.boolean().optional(),
  kind: z.enum(["a", "b"]).optional(),
  list: z
    .array(z.strictObject({ id: z.string() }))
    .max(2)
    .optional(),
  url: z.url().optional(),
  even: z
    .int()
    .refine((value) => value % 2 === 0, "is odd")
    .optional(),
});

describe("what is wrong with a value", () => {
  it.each`
    value                             | wrong
    ${{ name: "" }}                   | ${"name: must not be empty."}
    ${{ name: "abcdef" }}             | ${"name: must have at most 5 characters."}
    ${{ name: 5 }}                    | ${"name: must be a text."}
    ${{ count: -1 }}                  | ${"count: must be at least 0."}
    ${{ count: 1e99 }}                | ${"count: must be at most 9."}
    ${{ count: 1.5 }}                 | ${"count: must be a whole number."}
    ${{ count: "1" }}                 | ${"count: must be a number."}
    ${{ share: 0 }}                   | ${"share: must be more than 0."}
    ${{ share: 1 }}                   | ${"share: must be less than 1."}
    ${{ on: "yes" }}                  | ${"on: must be true or false."}
    ${{ kind: "c" }}                  | ${"kind: must be one of a, b."}
    ${{ list: {} }}                   | ${"list: must be a list."}
    ${{ list: [{ id: "a" }, {}] }}    | ${"list.1.id: is missing."}
    ${{ list: [{ id: "a", ib: 1 }] }} | ${'unknown key "list.0.ib"; did you mean "list.0.id"?'}
    ${{ colour: 1 }}                  | ${/^unknown key "colour"; there are name, count, /}
    ${{ list: [1, 2, 3] }}            | ${/list: must have at most 2 entries/}
    ${{ url: "x" }}                   | ${"url: must be a URL."}
    ${{ even: 1 }}                    | ${"even: is odd."}
    ${[]}                             | ${"must be an object, with a value for each key."}
    ${{ name: "", count: -1 }}        | ${"name: must not be empty; count: must be at least 0."}
  `("$value", ({ value, wrong }: { value: unknown; wrong: string | RegExp }) => {
    const result = check(schema, value);
    expect(result.ok ? "nothing" : result.wrong).toEqual(
      typeof wrong === "string" ? wrong : expect.stringMatching(wrong),
    );
  });

  it("is nothing when it fits", () => {
    expect(check(schema, { even: 2 })).toEqual({ ok: true, data: { even: 2 } });
  });
});
