import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A Node-RED package as a stranger would publish it: one node that shouts what it is given. Returns the .tgz. */
export function packTinyNode(folder: string): string {
  const content = join(folder, "package");
  mkdirSync(content, { recursive: true });
  const files = {
    "package.json": JSON.stringify({
      name: "node-red-contrib-tiny-shout",
      version: "1.0.0",
      keywords: ["node-red"],
      "node-red": { nodes: { shout: "shout.js" } },
    }),
    "shout.js": `module.exports = (RED) => RED.nodes.registerType("tiny-shout", function (config) {
      RED.nodes.createNode(this, config);
      this.on("input", (msg, send, done) => { msg.payload = String(msg.payload).toUpperCase() + "!"; send(msg); done(); });
    });`,
    "shout.html": `<script type="text/javascript">RED.nodes.registerType("tiny-shout", {
      category: "function", color: "#DEB887", defaults: { name: { value: "" } }, inputs: 1, outputs: 1,
      label() { return this.name || "shout"; } });</script>
      <script type="text/html" data-template-name="tiny-shout"><div class="form-row"><input type="text" id="node-input-name"></div></script>`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(content, name), text);
  const tarball = join(folder, "node-red-contrib-tiny-shout-1.0.0.tgz");
  execFileSync("tar", ["-czf", tarball, "-C", folder, "package"]);
  return tarball;
}
