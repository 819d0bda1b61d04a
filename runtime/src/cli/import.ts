/**
 * `npm run skein -- import ~/.node-red`: takes over an existing Node-RED's flows. They are put beside ours; ours are
 * copied away first; passwords are re-encrypted with our key; what is not here is named. Everything is read, checked and
 * decided before the first byte is written, and the house's lock is held meanwhile: a running leader holds the flows in
 * memory and would overwrite them, so it must be stopped first.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join, resolve } from "node:path";
import { SkeinError, hasCode, messageOf, readCommandLine, type Clock, type Random } from "@skein/kit";
import { z } from "zod";
import { SECRET_FILE, credentialSecret } from "../flow-host/credential-secret";
import { writeFirstFlow } from "../flow-host/first-start";
import { FLOW_FILE } from "../flow-host/settings";
import { leaderOf, lockDataDir } from "../launcher/leader-lock";
import { openCredentials, sealCredentials, type Credentials } from "./import-credentials";
import { mergeFlows } from "./import-merge";
import { neededModules, type NeededModules } from "./import-modules";
import { flowNode, readJson, readSource, stringOf, type FlowNode, type ImportSource } from "./import-source";

const CREDENTIALS_FILE = "flows_cred.json";

export const IMPORT_HELP = `skein import FOLDER     takes over the flows of a Node-RED, whose user folder this is (mostly ~/.node-red)

  --flows FILE          its flow file, when it is not found by itself
  --data-dir DIR        the house's data (default var)      SKEIN_DATA_DIR
  --dry-run             only say what would be done`;

const OPTIONS = {
  flows: { type: "string" },
  "data-dir": { type: "string" },
  "dry-run": { type: "boolean" },
  // Every command takes it; it says nothing of flows.
  config: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

export interface ImportParts {
  readonly env: NodeJS.ProcessEnv;
  /** One line for people. */
  readonly say: (line: string) => void;
  readonly clock: Pick<Clock, "now">;
  readonly random: Random;
}

/** Returns the exit code; what went wrong has been said. */
export function runImport(argv: readonly string[], parts: ImportParts): number {
  try {
    const { values, positionals } = readCommandLine(argv, OPTIONS, {
      words: true,
      hint: "skein import --help lists what there is.",
    });
    const [from, ...more] = positionals;
    if (values.help || from === undefined || more.length > 0) {
      parts.say(IMPORT_HELP);
      return values.help ? 0 : 2;
    }
    const dataDir = resolve(values["data-dir"] ?? (parts.env["SKEIN_DATA_DIR"] || "var"));
    importFlows(readSource(resolve(from), values.flows), dataDir, values["dry-run"] ?? false, parts);
    return 0;
  } catch (error) {
    parts.say(`skein import: ${messageOf(error)}${hasCode(error) ? ` [${error.code}]` : ""}`);
    return error instanceof SkeinError && error.code !== "OPTION_INVALID" ? 1 : 2;
  }
}

/** @throws SkeinError DATA_DIR_IN_USE, IMPORT_OURS_UNREADABLE; then nothing of ours was changed */
function importFlows(
  source: ImportSource,
  dataDir: string,
  dryRun: boolean,
  { say, clock, random }: ImportParts,
): void {
  const flowsDir = join(dataDir, "flows");
  const credentials = source.credentials === undefined ? {} : openCredentials(source.credentials, source.keys);
  const needed = neededModules(source, flowsDir);
  if (dryRun) {
    readOurFlows(flowsDir);
    report(source, credentials, needed, { flowsDir }, say);
    const leader = leaderOf(dataDir);
    say(
      leader === undefined
        ? "Nothing was written."
        : `Nothing was written. A leader works in ${dataDir} (process ${leader}): stop it before the import.`,
    );
    return;
  }
  for (const dir of [dataDir, join(dataDir, "run"), flowsDir]) mkdirSync(dir, { recursive: true, mode: 0o700 });
  const unlock = lockDataDir(dataDir);
  let backup;
  try {
    writeFirstFlow(flowsDir);
    const flows = readOurFlows(flowsDir);
    // Before anything else: without its key our credentials file is put aside.
    backup = backUp(flowsDir, clock);
    const tell = { error: (_about: object, message: string) => say(`Note: ${message}`) };
    const secret = credentialSecret(flowsDir, random, tell);
    const ours = { flows, credentials: openOurCredentials(flowsDir, secret) };
    const merged = mergeFlows(ours, { flows: source.flows, credentials: credentials ?? {} });
    replaceFiles(flowsDir, {
      // The credentials first: should the second not succeed, they only hold more than is used.
      [CREDENTIALS_FILE]: JSON.stringify(sealCredentials(merged.credentials, secret, random)),
      [FLOW_FILE]: `${JSON.stringify(merged.flows, null, 4)}\n`,
    });
    say(`${merged.added} nodes, tabs and settings added, ${merged.replaced} renewed from ${source.flowFile}.`);
    say(`Your flows as they were: ${backup}`);
  } finally {
    unlock();
  }
  report(source, credentials, needed, { flowsDir, backup }, say);
}

/** None yet is none. */
function readOurFlows(flowsDir: string): FlowNode[] {
  const file = join(flowsDir, FLOW_FILE);
  const flows = z.array(flowNode).safeParse(existsSync(file) ? readJson(file) : []);
  if (!flows.success) throw unreadable(file, "Put a backup of it back.");
  return flows.data;
}

function openOurCredentials(flowsDir: string, secret: string): Credentials {
  const file = join(flowsDir, CREDENTIALS_FILE);
  const credentials = existsSync(file) ? openCredentials(readJson(file), [secret]) : {};
  if (!credentials) throw unreadable(file, `It was encrypted with another key than ${join(flowsDir, SECRET_FILE)}.`);
  return credentials;
}

const unreadable = (file: string, hint: string) =>
  new SkeinError("IMPORT_OURS_UNREADABLE", `this house's own ${file} cannot be read, so nothing was changed.`, {
    hint,
  });

function backUp(flowsDir: string, clock: Pick<Clock, "now">): string {
  const dir = join(flowsDir, "backup", new Date(clock.now()).toISOString().replaceAll(":", "-"));
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const name of [FLOW_FILE, CREDENTIALS_FILE, SECRET_FILE]) {
    if (existsSync(join(flowsDir, name))) copyFileSync(join(flowsDir, name), join(dir, name));
  }
  return dir;
}

/** All are written and on disk before the first is put in place; a rename is whole or not at all. */
function replaceFiles(dir: string, files: Readonly<Record<string, string>>): void {
  const temporary = (name: string) => join(dir, `.${name}.import`);
  try {
    for (const [name, text] of Object.entries(files)) {
      const file = openSync(temporary(name), "w", 0o600);
      try {
        // Writes on until the whole of it is written.
        writeFileSync(file, text);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    }
    for (const name of Object.keys(files)) renameSync(temporary(name), join(dir, name));
  } finally {
    for (const name of Object.keys(files)) rmSync(temporary(name), { force: true });
  }
}

interface Where {
  readonly flowsDir: string;
  /** Undefined when nothing was written. */
  readonly backup?: string;
}

function report(
  source: ImportSource,
  credentials: Credentials | undefined,
  needed: NeededModules,
  where: Where,
  say: (line: string) => void,
): void {
  for (const doubt of source.doubts) say(`Note: ${doubt}`);
  const tabs = source.flows.filter(({ type }) => type === "tab").map((tab) => stringOf(tab, "label") ?? tab.id);
  say(`Tabs: ${tabs.join(", ") || "none"}.`);
  if (source.credentials === undefined) say("Passwords: there was no credentials file.");
  else if (credentials)
    say(`Passwords: those of ${Object.keys(credentials).length} nodes taken over, encrypted with this house's key.`);
  else if (source.credentials === null) {
    say(`Passwords: none could be taken over: ${basename(source.credentialsFile)} cannot be read.`);
    say("  Enter them again in the editor, or mend that file and import once more.");
  } else {
    say(`Passwords: none could be taken over: no key that was found opens ${basename(source.credentialsFile)}.`);
    say("  Enter them again in the editor, or set credentialSecret in the old settings.js and import once more.");
  }
  if (needed.missing.length > 0) {
    say("Missing here:");
    for (const { module, version, types } of needed.missing)
      say(`  ${module}${version ? `@${version}` : ""}  (${types.join(", ")})`);
  }
  if (needed.unknownTypes.length > 0) {
    say(`Missing here, and no package of that Node-RED provides them: ${needed.unknownTypes.join(", ")}.`);
    if (needed.candidates.length > 0)
      say(
        `  They may come from what that Node-RED's package.json or flow file names and is not here: ${needed.candidates.join(", ")}.`,
      );
  }
  if (needed.functionModules.length > 0) {
    say(`Function nodes load npm modules, which is switched off here: ${needed.functionModules.join(", ")}.`);
  }
  if (needed.missing.length === 0 && needed.unknownTypes.length === 0)
    say("Every node type that the flows use is here.");
  say("Not taken over: settings.js, stored context, the library.");
  sayThatFlowsStand(source.flows, needed, where, say);
}

/** Last, where it is read: Node-RED counts a type as missing also on a disabled tab, so the import cannot keep the rest running. */
function sayThatFlowsStand(
  flows: readonly FlowNode[],
  needed: NeededModules,
  { flowsDir, backup }: Where,
  say: (line: string) => void,
): void {
  const missing = new Set([...needed.missing.flatMap(({ types }) => types), ...needed.unknownTypes]);
  if (missing.size === 0) return;
  const holders = flows.filter(({ id }) => flows.some(({ type, z }) => z === id && missing.has(type)));
  const names = holders.map((tab) => stringOf(tab, "label") ?? stringOf(tab, "name") ?? tab.id);
  say("");
  say(
    "ALL FLOWS STAND STILL: while a node type is missing, Node-RED starts no flow of this house, not even on other tabs,",
  );
  say("and disabling a tab does not help. Followers, page and bus go on. To get the flows going again, either");
  say(
    "  - install what is missing in the editor (Menu > Manage palette > Install): upload a .tgz that `npm pack NAME`",
  );
  say("    makes, or put it into the palette folder of the data directory; the flows then start by themselves; or");
  say(`  - delete the unknown nodes in the editor${names.length > 0 ? ` (${names.join(", ")})` : ""} and deploy; or`);
  say(`  - stop the leader and copy the files of ${backup ?? "the backup that the import makes"} to ${flowsDir}.`);
}
