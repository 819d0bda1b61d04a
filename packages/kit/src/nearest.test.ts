import { nearest } from "./nearest";

const known = ["on", "hue", "brightness", "transitionMs"];

it.each([
  ["brigthness", "brightness"],
  ["Brightness", "brightness"],
  ["transition", "transitionMs"],
  ["hues", "hue"],
  ["onn", "on"],
  ["no", undefined],
  ["power", undefined],
  ["", undefined],
])("whoever wrote %j meant %j", (word, meant) => expect(nearest(word, known)).toBe(meant));

it("means nothing where nothing is known", () => expect(nearest("on", [])).toBeUndefined());
