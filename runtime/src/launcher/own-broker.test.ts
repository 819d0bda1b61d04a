/** A house whose owner brings a Mosquitto, set up by docs/broker.md and docs/settings.md to the letter. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../../../test/support/eventually";
import { startLeader, type Leader } from "../../../test/support/leader";
import { startMosquitto, type Mosquitto } from "../../../test/support/mosquitto";

jest.setTimeout(90_000);

const doc = readFileSync(join(__dirname, "../../../docs/broker.md"), "utf8");
const [conf = [], acl = []] = [...doc.matchAll(/^```\n([\s\S]*?)^```/gm)].map(([, text = ""]) =>
  text.trim().split("\n"),
);
/** What startMosquitto writes with paths and ports of its own. */
const OWN =
  /^(#|pid_file|per_listener|listener|certfile|keyfile|allow_anonymous|password_file|acl_file|persistence|max_packet|max_queued)/;

let mosquitto: Mosquitto | undefined;
let leader: Leader | undefined;
afterAll(async () => {
  await leader?.stop();
  await mosquitto?.close();
});

it("has its leader, its flow host and this machine's follower on the bus together", async () => {
  const config = [...new Set(conf.filter((line) => !OWN.test(line)))];
  expect(config).toContain("use_username_as_clientid true");
  mosquitto = await startMosquitto({
    users: { leader: "a", "flow-host": "b", garage: "c" },
    acl,
    config,
  });
  leader = await startLeader({
    follower: true,
    settings: {
      bus: {
        kind: "mqtt",
        url: mosquitto.url,
        username: "leader",
        password: "a",
        flowHost: { username: "flow-host", password: "b" },
      },
      follower: { id: "garage", username: "garage", password: "c", heartbeatMs: 500 },
    },
  });
  await eventually(async () => expect((await leader?.follower("garage"))?.verdict.state).toBe("alive"));
  expect(await leader.health()).toMatchObject({ ok: true, broker: "external" });
  expect(mosquitto.log()).not.toContain("already connected");
});
