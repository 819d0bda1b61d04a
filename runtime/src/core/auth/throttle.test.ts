import { FakeClock } from "@skein/kit";
import { createThrottle, network } from "./throttle";

it("lets a person err, then makes each further try wait twice as long", async () => {
  const clock = new FakeClock();
  const throttle = createThrottle(clock);
  const wrong = () => throttle.failed("10.0.0.7", "owner");
  for (let n = 0; n < 4; n++) wrong();
  expect(throttle.waitMs("10.0.0.7", "owner")).toBe(0);
  wrong();
  expect(throttle.waitMs("10.0.0.7", "owner")).toBe(10_000);
  await clock.advance(10_000);
  expect(throttle.waitMs("10.0.0.7", "owner")).toBe(0);
  wrong();
  expect(throttle.waitMs("10.0.0.7", "owner")).toBe(20_000);
  for (let n = 0; n < 30; n++) wrong();
  expect(throttle.waitMs("10.0.0.7", "owner")).toBe(15 * 60_000);
});

it("does not lock the owner out at another address, however often one address tries", () => {
  const throttle = createThrottle(new FakeClock());
  for (let n = 0; n < 10_000; n++) throttle.failed("10.0.0.7", "owner");
  expect(throttle.waitMs("10.0.0.8", "owner")).toBe(0);
});

it("stops an address that tries one account after the other", () => {
  const throttle = createThrottle(new FakeClock());
  for (let n = 0; n < 20; n++) throttle.failed("10.0.0.7", `account-${n}`);
  expect(throttle.waitMs("10.0.0.7", "one-more")).toBeGreaterThan(0);
});

it("forgets after a quiet hour, and at a right password", async () => {
  const clock = new FakeClock();
  const throttle = createThrottle(clock);
  for (let n = 0; n < 6; n++) throttle.failed("10.0.0.7", "owner");
  throttle.succeeded("10.0.0.7", "owner");
  expect(throttle.waitMs("10.0.0.7", "owner")).toBe(0);
  for (let n = 0; n < 6; n++) throttle.failed("10.0.0.7", "owner");
  await clock.advance(3_600_000);
  throttle.failed("10.0.0.7", "owner");
  expect(throttle.waitMs("10.0.0.7", "owner")).toBe(0);
});

it("remembers no more than it has room for, and the newest of it", () => {
  const throttle = createThrottle(new FakeClock());
  for (let n = 0; n < 5; n++) throttle.failed("10.9.9.9", "owner");
  for (let n = 0; n < 20_000; n++) throttle.failed(`10.1.${n >> 8}.${n & 255}`, "x");
  expect(throttle.waitMs("10.9.9.9", "owner")).toBe(0);
  for (let n = 0; n < 5; n++) throttle.failed("10.9.9.9", "owner");
  expect(throttle.waitMs("10.9.9.9", "owner")).toBeGreaterThan(0);
});

it.each([
  ["192.168.1.2", "192.168.1.2"],
  ["::ffff:192.168.1.2", "192.168.1.2"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::9", "2001:db8:1:2::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
])("takes %s for %s", (address, expected) => expect(network(address)).toBe(expected));
