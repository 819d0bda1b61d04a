/** Under which addresses a board is told to find the leader and the bus. */
import type { NetworkInterfaceInfo } from "node:os";
import { leaderSettings } from "../../settings";
import { busUrlFor } from "./bus-url";
import { leaderUrlFor } from "./leader-url";

const TLS = { cert: "c.pem", key: "k.pem" };
const PORTS = { broker: 1883, brokerTls: 8883 };

test.each`
  bus                                                         | host                | url                                | because
  ${{}}                                                       | ${"127.0.0.1:1880"} | ${"mqtt://127.0.0.1:1883"}         | ${"an agent on the leader's own machine needs nothing set"}
  ${{}}                                                       | ${"localhost:1880"} | ${"mqtt://127.0.0.1:1883"}         | ${"under any of its names"}
  ${{ host: "0.0.0.0" }}                                      | ${"10.0.0.5:1880"}  | ${"mqtt://10.0.0.5:1883"}          | ${"where the board found the leader, it finds the broker"}
  ${{ host: "0.0.0.0" }}                                      | ${"house.lan"}      | ${"mqtt://house.lan:1883"}         | ${"also without a port"}
  ${{ host: "::" }}                                           | ${"[fd00::5]:1880"} | ${"mqtt://[fd00::5]:1883"}         | ${"also by IPv6"}
  ${{ host: "0.0.0.0", listenTls: TLS }}                      | ${"10.0.0.5:1880"}  | ${"mqtts://10.0.0.5:8883"}         | ${"over TLS when the broker speaks it"}
  ${{ host: "0.0.0.0", listenTls: TLS }}                      | ${"127.0.0.1:1880"} | ${"mqtt://127.0.0.1:1883"}         | ${"which this machine does not need"}
  ${{ host: "0.0.0.0", advertise: "mqtts://house.lan:8883" }} | ${"10.0.0.5:1880"}  | ${"mqtts://house.lan:8883"}        | ${"the owner's word goes first"}
  ${{ kind: "mqtt", url: "mqtt://127.0.0.1:1884" }}           | ${"10.0.0.5:1880"}  | ${"mqtt://10.0.0.5:1884"}          | ${"a broker beside the leader is where the leader is"}
  ${{ kind: "mqtt", url: "mqtt://127.0.0.1:1884" }}           | ${"127.0.0.1:1880"} | ${"mqtt://127.0.0.1:1884"}         | ${"here, too"}
  ${{ kind: "mqtt", url: "mqtts://broker.home.arpa:8883" }}   | ${"10.0.0.5:1880"}  | ${"mqtts://broker.home.arpa:8883"} | ${"one elsewhere is where it is"}
`("$url for $host: $because", ({ bus, host, url }: { bus: object; host: string; url: string }) => {
  expect(busUrlFor(host, { bus: leaderSettings.parse({ bus }).bus, ports: PORTS })).toBe(url);
});

test.each([{}, { host: "127.0.0.1" }])("a broker that listens on this machine only says what to set (%j)", (bus) => {
  expect(() => busUrlFor("10.0.0.5:1880", { bus: leaderSettings.parse({ bus }).bus, ports: PORTS })).toThrow(
    expect.objectContaining({ code: "BUS_NOT_REACHABLE", message: expect.stringContaining("host: 0.0.0.0") }) as Error,
  );
});

const address = (ip: string, internal: boolean) =>
  ({ address: ip, family: ip.includes(":") ? "IPv6" : "IPv4", internal }) as NetworkInterfaceInfo;
const interfaces = { lo: [address("127.0.0.1", true)], eth0: [address("fe80::1", false), address("10.0.0.5", false)] };

test.each`
  host                | secure   | listensOn      | url                        | because
  ${"10.0.0.7:1880"}  | ${false} | ${"0.0.0.0"}   | ${"http://10.0.0.7:1880"}  | ${"as the admin's browser finds it"}
  ${"house.lan"}      | ${true}  | ${"127.0.0.1"} | ${"https://house.lan"}     | ${"also through a proxy"}
  ${"127.0.0.1:1880"} | ${false} | ${"127.0.0.1"} | ${"http://127.0.0.1:1880"} | ${"nobody else can reach it"}
  ${"127.0.0.1:1880"} | ${false} | ${"0.0.0.0"}   | ${"http://10.0.0.5:1880"}  | ${"on the board, 127.0.0.1 is the board"}
  ${"localhost:1880"} | ${false} | ${"10.0.0.6"}  | ${"http://10.0.0.6:1880"}  | ${"the address that the owner chose"}
  ${"localhost:1880"} | ${false} | ${"fd00::5"}   | ${"http://[fd00::5]:1880"} | ${"as an address is written"}
`(
  "a board is told $url: $because",
  ({ url, ...parts }: { url: string; host: string; secure: boolean; listensOn: string }) => {
    expect(leaderUrlFor({ ...parts, interfaces })).toBe(url);
  },
);
