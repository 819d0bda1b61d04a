import { recall } from "./last-known";
import { keeping } from "./storage";

it("does without a storage that is full, forbidden, or not there at all", () => {
  const full = keeping(() => ({
    getItem: () => "{",
    setItem: () => {
      throw new Error("QuotaExceededError");
    },
    removeItem: () => {},
  }));
  const forbidden = keeping(() => {
    throw new Error("SecurityError");
  });
  full.setItem("key", "value");
  forbidden.setItem("key", "value");
  forbidden.removeItem("key");
  expect([forbidden.getItem("key"), recall(forbidden), recall(full)]).toEqual([null, undefined, undefined]);
});
