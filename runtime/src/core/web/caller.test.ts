import { createCallerOf, type Caller } from "./caller";

const callerOf = createCallerOf(["10.0.0.0/8", "127.0.0.1", "fd00::/8"]);
const ask = (remoteAddress: string, headers: Record<string, string> = {}, encrypted = false) =>
  callerOf({ headers: { host: "House.example:1880", ...headers }, socket: { remoteAddress, encrypted } });

it.each`
  from                  | forwarded                      | address           | because
  ${"192.0.2.1"}        | ${""}                          | ${"192.0.2.1"}    | ${"nobody stands between"}
  ${"::ffff:192.0.2.1"} | ${""}                          | ${"192.0.2.1"}    | ${"an IPv4 address is one however the socket shows it"}
  ${"192.0.2.1"}        | ${"198.51.100.7"}              | ${"192.0.2.1"}    | ${"a stranger may not say who he is"}
  ${"10.0.0.1"}         | ${"198.51.100.7"}              | ${"198.51.100.7"} | ${"a trusted proxy may"}
  ${"::ffff:10.0.0.1"}  | ${"198.51.100.7"}              | ${"198.51.100.7"} | ${"it is trusted however the socket shows it"}
  ${"10.0.0.1"}         | ${""}                          | ${"10.0.0.1"}     | ${"the proxy itself asks"}
  ${"10.0.0.1"}         | ${"203.0.113.9, 198.51.100.7"} | ${"198.51.100.7"} | ${"what the caller wrote himself stands further left"}
  ${"10.0.0.1"}         | ${"127.0.0.1, 198.51.100.7"}   | ${"198.51.100.7"} | ${"nobody makes himself this machine"}
  ${"10.0.0.1"}         | ${"198.51.100.7, 10.0.0.2"}    | ${"198.51.100.7"} | ${"two proxies in a row are trusted"}
  ${"10.0.0.1"}         | ${"10.0.0.3,10.0.0.2"}         | ${"10.0.0.3"}     | ${"the furthest proxy asks"}
  ${"10.0.0.1"}         | ${"198.51.100.7, unknown"}     | ${"10.0.0.1"}     | ${"what is no address ends the chain"}
  ${"10.0.0.1"}         | ${"<script>"}                  | ${"10.0.0.1"}     | ${"rubbish is no address"}
  ${"fd00::1"}          | ${"2001:db8::7"}               | ${"2001:db8::7"}  | ${"IPv6 all the way"}
  ${"127.0.0.1"}        | ${" , ,198.51.100.7 , "}       | ${"198.51.100.7"} | ${"empty places are none"}
  ${""}                 | ${"198.51.100.7"}              | ${""}             | ${"a socket that is gone has no address"}
`("from $from, told $forwarded: $address, for $because", ({ from, forwarded, address }) => {
  expect(ask(from as string, { "x-forwarded-for": forwarded as string }).address).toBe(address);
});

const TOLD = { "x-forwarded-proto": "https", "x-forwarded-host": "Told.example" };
it.each`
  from           | headers                                   | encrypted | caller                                           | because
  ${"192.0.2.1"} | ${TOLD}                                   | ${false}  | ${{ secure: false, host: "house.example:1880" }} | ${"a stranger's word does not count"}
  ${"192.0.2.1"} | ${{}}                                     | ${true}   | ${{ secure: true, host: "house.example:1880" }}  | ${"our own TLS"}
  ${"10.0.0.1"}  | ${TOLD}                                   | ${false}  | ${{ secure: true, host: "told.example" }}        | ${"the proxy speaks TLS and calls us otherwise"}
  ${"10.0.0.1"}  | ${{}}                                     | ${false}  | ${{ secure: false, host: "house.example:1880" }} | ${"the proxy hands on the name as it is"}
  ${"10.0.0.1"}  | ${{ "x-forwarded-proto": "https, http" }} | ${false}  | ${{ secure: false, host: "house.example:1880" }} | ${"the proxy's own word is the last one"}
  ${"10.0.0.1"}  | ${{ "x-forwarded-proto": "http" }}        | ${true}   | ${{ secure: false, host: "house.example:1880" }} | ${"the browser's leg counts, not the proxy's"}
`("$because", ({ from, headers, encrypted, caller }) => {
  expect(ask(from as string, headers as Record<string, string>, encrypted as boolean)).toMatchObject(
    caller as Partial<Caller>,
  );
});

it("trusts nobody when none is named, and takes no rubbish for a proxy", () => {
  const wary = createCallerOf([]);
  const socket = { remoteAddress: "127.0.0.1" };
  expect(wary({ headers: { "x-forwarded-for": "198.51.100.7" }, socket }).address).toBe("127.0.0.1");
  expect(() => createCallerOf(["everybody"])).toThrow(TypeError);
});
