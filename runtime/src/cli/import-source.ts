/**
 * What another Node-RED's folder holds: its flows, the keys its credentials may be encrypted with, its packages. It is read
 * and never written. Where the files lie follows Node-RED's own rules (runtime/lib/storage/localfilesystem).
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, extname, isAbsolute, join } from "node:path";
import { SkeinError, messageOf } from "@skein/kit";
import { z } from "zod";

/** One entry of a flow file: a tab, a subflow, a group, a configuration or a node. */
export const flowNode = z.looseObject({ id: z.string().min(1), type: z.string().min(1), z: z.string().optional() });
export type FlowNode = z.output<typeof flowNode>;
const flowFile = z.array(flowNode);

export interface ImportSource {
  readonly dir: string;
  readonly flowFile: string;
  readonly flows: readonly FlowNode[];
  readonly credentialsFile: string;
  /** As in the file: `{ $: "..." }` when encrypted, else by node id; undefined when there is none, null when it cannot be read. */
  readonly credentials: unknown;
  /** Keys to try, the likeliest first. */
  readonly keys: readonly string[];
  /** What could not be read and may matter, in sentences. */
  readonly doubts: readonly string[];
}

interface RedSettings {
  readonly flowFile?: string;
  readonly credentialSecret?: string | false;
  readonly projects?: boolean;
}

/**
 * @param flowsOption the flow file's name, when the owner names one
 * @throws SkeinError IMPORT_NO_NODE_RED, IMPORT_FLOWS_INVALID
 */
export function readSource(dir: string, flowsOption?: string): ImportSource {
  if (!existsSync(dir) || !statSync(dir).isDirectory()) {
    throw new SkeinError("IMPORT_NO_NODE_RED", `${dir} is no folder.`, {
      hint: "Name a Node-RED's user folder, mostly ~/.node-red.",
    });
  }
  const doubts: string[] = [];
  const settings = readSettingsFile(join(dir, "settings.js"), doubts);
  const project = settings.projects === false ? undefined : activeProject(dir);
  const file = flowsOption
    ? join(isAbsolute(flowsOption) ? "/" : dir, flowsOption)
    : (project?.flowFile ?? findFlowFile(dir, settings.flowFile));
  const credentialsFile = project?.credentialsFile ?? credentialsOf(dir, file);
  const runtime = readJson(join(dir, ".config.runtime.json")) ?? readJson(join(dir, ".config.json"));
  const generated = stringOf(runtime, "_credentialSecret");
  const keys = [project?.secret, settings.credentialSecret, generated].filter((key) => typeof key === "string");
  return {
    dir,
    flowFile: file,
    flows: readFlows(file),
    credentialsFile,
    credentials: existsSync(credentialsFile) ? (readJson(credentialsFile) ?? null) : undefined,
    keys,
    doubts,
  };
}

function readFlows(file: string): FlowNode[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new SkeinError("IMPORT_FLOWS_INVALID", `the flow file ${file} cannot be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  const parsed = flowFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const at = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new SkeinError("IMPORT_FLOWS_INVALID", `the flow file ${file} is no list of nodes${at ? ` (see ${at})` : ""}.`);
}

/** settings.js is a program and may look into its environment: it is run as Node-RED does, but apart, and for ten seconds at most. */
function readSettingsFile(file: string, doubts: string[]): RedSettings {
  if (!existsSync(file)) return {};
  const program = `
    const s = require(process.argv[1]);
    const text = (value) => (typeof value === "string" ? value : undefined);
    process.stdout.write("\\n" + JSON.stringify({ flowFile: text(s.flowFile), projects: s.editorTheme?.projects?.enabled === true,
      credentialSecret: s.credentialSecret === false ? false : text(s.credentialSecret) }));
    process.exit(0);`;
  try {
    const out = execFileSync(process.execPath, ["-e", program, file], {
      cwd: dirname(file),
      timeout: 10_000,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return JSON.parse(out.slice(out.lastIndexOf("\n") + 1)) as RedSettings;
  } catch {
    doubts.push(`${file} could not be loaded, so a flow file or a credentialSecret that it names is not known.`);
    return {};
  }
}

function findFlowFile(dir: string, named: string | undefined): string {
  if (named !== undefined) {
    const file = isAbsolute(named) ? named : join(dir, named);
    if (existsSync(file)) return file;
    throw new SkeinError("IMPORT_NO_NODE_RED", `settings.js names the flow file ${named}, which is not in ${dir}.`, {
      hint: "Name it with --flows FILE.",
    });
  }
  const usual = [`flows_${hostname()}.json`, "flows.json"]
    .map((name) => join(dir, name))
    .find((file) => existsSync(file));
  if (usual) return usual;
  const others = readdirSync(dir).filter((name) => /^flows_.+\.json$/.test(name) && !name.endsWith("_cred.json"));
  if (others.length === 1 && others[0] !== undefined) return join(dir, others[0]);
  throw others.length > 1
    ? new SkeinError("IMPORT_NO_NODE_RED", `${dir} holds several flow files: ${others.join(", ")}.`, {
        hint: "Name one with --flows FILE.",
      })
    : new SkeinError("IMPORT_NO_NODE_RED", `${dir} holds no flow file.`, {
        hint: "Name a Node-RED's user folder, mostly ~/.node-red, and its flow file with --flows FILE.",
      });
}

function credentialsOf(dir: string, file: string): string {
  const extension = extname(file);
  const name = `${basename(file, extension)}_cred${extension}`;
  return existsSync(join(dir, name)) ? join(dir, name) : join(dirname(file), name);
}

/** With projects switched on the flows lie in a folder of their own, and so does the key. */
function activeProject(
  dir: string,
): { flowFile: string; credentialsFile: string; secret: string | undefined } | undefined {
  const config = readJson(join(dir, ".config.projects.json"));
  const name = stringOf(config, "activeProject");
  if (name === undefined) return undefined;
  const folder = join(dir, "projects", name);
  const settings = propertyOf(readJson(join(folder, "package.json")), "node-red")?.["settings"];
  const flowFile = join(folder, stringOf(settings, "flowFile") ?? "flows.json");
  if (!existsSync(flowFile)) return undefined;
  const credentials = stringOf(settings, "credentialsFile");
  return {
    flowFile,
    credentialsFile: credentials === undefined ? credentialsOf(folder, flowFile) : join(folder, credentials),
    secret: stringOf(propertyOf(config, "projects")?.[name], "credentialSecret"),
  };
}

/** Undefined when it is not there or no JSON. */
export function readJson(file: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

export function propertyOf(value: unknown, key: string): Record<string, unknown> | undefined {
  const found = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : undefined;
}

export function stringOf(value: unknown, key: string): string | undefined {
  const found = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof found === "string" ? found : undefined;
}
