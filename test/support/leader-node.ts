import { existsSync } from "node:fs";
import { join } from "node:path";

const fromNpm = join(__dirname, `../../node_modules/node-linux-${process.arch}/bin/node`);

/** The Node that the leader runs under: npm's own, also when the tests run on an older one (runtime/bootstrap/prepare.mjs). */
export const leaderNode = existsSync(fromNpm) ? fromNpm : process.execPath;
