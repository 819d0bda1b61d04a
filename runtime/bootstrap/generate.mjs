/**
 * `npm run generate`: writes what is derived from packages/contracts (the topic table in README.md, docs/topics.md, the JSON
 * Schemas) and from packages/broker (docs/broker.md). With `--check` it writes nothing and fails when a file is not what it would write; CI runs that.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root } from "./prepare.mjs";

const require = createRequire(import.meta.url);
const { topicTable, messagesJsonSchema } = require(join(root, "packages/contracts/dist/index.js"));
const { mosquittoAcl, mosquittoConfig } = require(join(root, "packages/broker/dist/index.js"));
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
  port: 1883,
  passwordFile: "/etc/mosquitto/passwords",
  aclFile: "/etc/mosquitto/acl",
  persistenceDir: "/var/lib/mosquitto",
};

const files = {
  "README.md": `${before}${BEGIN}\n${topicTable()}\n${END}${after}`,
  "docs/topics.md": `# Topics\n\nMade from packages/contracts by \`npm run generate\`. All lie under \`skein/v1/\`.\n\n${topicTable()}\n`,
  "docs/broker.md": `# A Mosquitto of your own

Made from the rules in packages/broker by \`npm run generate\`. The embedded broker keeps the same rules by itself. Make each user with
\`mosquitto_passwd\`; write \`set_tcp_nodelay true\` as well, or small messages wait up to 40 ms.

## mosquitto.conf

\`\`\`
${mosquittoConfig(mosquitto)}\`\`\`

## The access rules for a leader, its flow host and a follower called \`garage\`

\`\`\`
${mosquittoAcl(users)}\`\`\`
`,
  "docs/messages.schema.json": `${JSON.stringify(messagesJsonSchema(), null, 2)}\n`,
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
  console.error(`Not what packages/contracts says: ${stale.join(", ")}. Run: npm run generate`);
  process.exit(1);
}
