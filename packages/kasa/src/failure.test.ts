import { addressOf } from "./failure";

it.each([
  ["192.168.1.20", "192.168.1.20:9999"],
  ["lamp.local", "lamp.local:9999"],
  ["fe80::1", "[fe80::1]:9999"],
])("the address of %s reads %s", (host, address) => expect(addressOf({ host, port: 9999 })).toBe(address));
