import { listenHosts, pageAddresses } from "./http-hosts";

const interfaces = {
  lo: [{ address: "127.0.0.1", internal: true }],
  eth0: [
    { address: "192.168.1.5", internal: false },
    { address: "fe80::1", internal: false },
    { address: "2001:db8::5", internal: false },
  ],
};

it.each`
  host             | tls      | listens                         | addresses                                                                               | because
  ${"127.0.0.1"}   | ${false} | ${["127.0.0.1"]}                | ${["http://127.0.0.1:1880/"]}                                                           | ${"this machine alone"}
  ${"::1"}         | ${false} | ${["127.0.0.1", "::1"]}         | ${["http://127.0.0.1:1880/"]}                                                           | ${"this machine by its other address"}
  ${"192.168.1.5"} | ${true}  | ${["127.0.0.1", "192.168.1.5"]} | ${["https://127.0.0.1:1880/", "https://192.168.1.5:1880/"]}                             | ${"one address, and this machine"}
  ${"0.0.0.0"}     | ${false} | ${["0.0.0.0"]}                  | ${["http://127.0.0.1:1880/", "http://192.168.1.5:1880/"]}                               | ${"every address of the old kind"}
  ${"::"}          | ${false} | ${["::"]}                       | ${["http://127.0.0.1:1880/", "http://192.168.1.5:1880/", "http://[2001:db8::5]:1880/"]} | ${"every address that a browser can be told"}
`("listens at $host for $because", ({ host, tls, listens, addresses }) => {
  expect(listenHosts(host as string)).toEqual(listens);
  expect(pageAddresses({ host: host as string, port: 1880, tls: tls as boolean }, interfaces)).toEqual(addresses);
});
