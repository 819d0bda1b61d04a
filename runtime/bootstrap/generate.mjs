/**
 * `npm run generate`: writes what is derived from packages/contracts (the topic table in README.md, docs/topics.md, the JSON
 * Schemas), from packages/broker (docs/broker.md), from packages/stm32-link (the firmware's header of messages) and from core's routes (docs/openapi.json, docs/access.md). With `--check` it writes nothing and fails when a file is not what it would write; CI runs that.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root } from "./prepare.mjs";

const require = createRequire(import.meta.url);
const { topicTable, messagesJsonSchema } = require(join(root, "packages/contracts/dist/index.js"));
const { mosquittoAcl, mosquittoConfig } = require(join(root, "packages/broker/dist/index.js"));
const { cHeader, cVectors, specification, vectors } = require(join(root, "packages/stm32-link/dist/index.js"));
const { openApiOf } = require(join(root, "runtime/dist/core/api/routes.js"));
const { accessMarkdown } = require(join(root, "runtime/dist/core/api/access-table.js"));
const { version } = require(join(root, "package.json"));
const check = process.argv.includes("--check");
const BEGIN = "<!-- topics: made by npm run generate -->";
const END = "<!-- topics end -->";

const readme = readFileSync(join(root, "README.md"), "utf8");
const [before, rest = ""] = readme.split(BEGIN);
const after = rest.split(END)[1];
if (after === undefined) throw new Error(`README.md has lost its marks "${BEGIN}" and "${END}".`);

const users = {
  leader: { role: "leader", id: "leader" },
  "flow-host": { role: "flows", id: "flow-host" },
  garage: { role: "follower", id: "garage" },
};
const mosquitto = {
  listeners: [
    { port: 1883 },
    {
      port: 8883,
      host: "0.0.0.0",
      tls: { certFile: "/etc/mosquitto/skein/broker.pem", keyFile: "/etc/mosquitto/skein/broker.key" },
    },
  ],
  // Where Debian's unit has it, and where runtime/mosquitto/skein-mosquitto-reload.service looks.
  pidFile: "/run/mosquitto/mosquitto.pid",
  passwordFile: "/etc/mosquitto/skein/passwords",
  aclFile: "/etc/mosquitto/skein/acl",
  persistenceDir: "/var/lib/mosquitto",
};

const files = {
  "firmware/gen/link_messages.h": cHeader(),
  "firmware/gen/link_vectors.h": cVectors(),
  "docs/link.md": specification(),
  "docs/link-vectors.json": `${JSON.stringify(vectors(), null, 2)}\n`,
  "README.md": `${before}${BEGIN}\n${topicTable()}\n${END}${after}`,
  "docs/topics.md": `# Topics\n\nMade from packages/contracts by \`npm run generate\`. All lie under \`skein/v1/\`.\n\n${topicTable()}\n`,
  "docs/broker.md": `# A Mosquitto of your own

Made from the rules in packages/broker by \`npm run generate\`. The embedded broker keeps the same rules by itself.

## Its users, made by the leader

With \`bus.mosquitto\` in skein.yaml the leader makes every user of the house: at each start new passwords for its own parts, one for each board that
[joins by code](settings.md). It writes \`acl\` and \`passwords\` into the folder \`bus.mosquitto.dir\`; the second holds hashes as
\`mosquitto_passwd\` makes them (PBKDF2 with SHA-512), so that no password passes a command line or lies on a disk.

- Mosquitto runs as a user of its own, as Debian has it: \`skein-mosquitto-reload\` takes the files over as that user and has the broker read them
  ([runtime/mosquitto](../runtime/mosquitto/README.md) has the script, its systemd units and how to set them up). Users of yours that are none of the
  house's keep their place there.
- Mosquitto runs as the leader's user: let it read that folder, and name its pid file under \`bus.mosquitto.pidFile\`; the leader sends the signal.

The leader knows by a login whether the broker has read them; until then nobody is told that he joined. A follower that is removed first gets a password
that nobody knows, the leader takes its connection over with it, so that it is cut in every version of Mosquitto, and then the user goes; when that
fails in the middle, or the leader dies over it, it is ended within a minute, or at the next start. This needs \`use_username_as_clientid true\`,
as below, or client ids \`skein-NAME\`, as our agents have them.

Without \`bus.mosquitto\` make each user with \`mosquitto_passwd\`, and write the access rules as below.

## mosquitto.conf

It takes the place of the one that Debian brings. Without \`pid_file\` nobody can have the broker read its files. The first listener is the leader's
own; the second is for boards elsewhere, with a certificate for the name by which they find it (\`bus.advertise: mqtts://leader.home.arpa:8883\`, and
\`bus.tls.ca\` with the authority that a board that joins is to trust). \`listener 1883 0.0.0.0\` alone will do in a network in which nobody listens on
the wire.

\`\`\`
${mosquittoConfig(mosquitto)}\`\`\`

## The access rules for a leader, its flow host and a follower called \`garage\`

\`\`\`
${mosquittoAcl(users)}\`\`\`
`,
  "docs/messages.schema.json": `${JSON.stringify(messagesJsonSchema(), null, 2)}\n`,
  "docs/access.md": `# Who may do what

Made from the routes themselves by \`npm run generate\`; runtime/src/core/api/access.test.ts asks for every row as every role, as nobody, with
tokens of too small a scope and from a foreign page, which may do nothing at all. *designer* and *admin* may run code on the leader: deploying a
flow is that. Some routes judge further: one changes one's own account and password, and an admin anybody's; residents see and delete their own data. Hooks under \`/hooks/\` that are opened one by one need nobody.

${accessMarkdown(version)}
`,
  "docs/openapi.json": `${JSON.stringify(openApiOf(version), null, 2)}\n`,
};

const stale = [];
for (const [name, text] of Object.entries(files)) {
  const file = join(root, name);
  if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
  stale.push(name);
  if (check) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
if (check && stale.length > 0) {
  console.error(`Not what the sources say: ${stale.join(", ")}. Run: npm run generate`);
  process.exit(1);
}
