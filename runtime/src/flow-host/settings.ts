/**
 * Node-RED's settings as the house runs it. What is switched off and what is not, each with its reason, because these
 * lines decide what somebody who reaches the editor can do.
 */
import { join } from "node:path";
import type { Bus } from "@skein/bus";
import type { Logger } from "@skein/kit";
import { adminAuth } from "./admin-auth";
import { nodeRedLogging } from "./logging";
import { onlyWhatIsOpen } from "./open-routes";
import type { FlowHostInit } from "./init";

export const ADMIN_ROOT = "/editor";
export const HOOKS_ROOT = "/hooks";
export const FLOW_FILE = "flows.json";

export function nodeRedSettings(
  init: FlowHostInit,
  parts: { bus: Bus; logger: Logger; credentialSecret: string; trust: { key: string; now: () => number } },
): Record<string, unknown> {
  const title = init.house.demo ? `${init.house.name} · VIRTUAL` : init.house.name;
  return {
    userDir: init.dataDir,
    flowFile: FLOW_FILE,
    flowFilePretty: true,
    credentialSecret: parts.credentialSecret,
    httpAdminRoot: ADMIN_ROOT,
    httpNodeRoot: HOOKS_ROOT,
    safeMode: init.safeMode,
    logging: nodeRedLogging(parts.logger),
    // The process's one connection to the house's bus, for the nodes: `SkeinRedSettings` in packages/palette.
    skein: { bus: parts.bus },

    // Nothing leaves the house: no usage report, no question whether a newer Node-RED exists.
    telemetry: { enabled: false, updateNotification: false },
    // The report lists environment, paths and modules; whoever needs it is at the machine.
    diagnostics: { enabled: false, ui: false },
    // The editor shows that flows are stopped (safe mode) and can start them.
    runtimeState: { enabled: true, ui: true },
    // Modules come in through the palette manager, on purpose. Neither a function node nor an imported flow may pull one in.
    functionExternalModules: false,
    externalModules: {
      autoInstall: false,
      palette: { allowInstall: true, allowUpload: true, allowUpdate: true },
      modules: { allowInstall: false },
    },
    // Users and permissions by core's word; no login of its own, and nothing here without core (trusted-server.ts).
    adminAuth: adminAuth(parts.trust),
    // Within a route, where it is sure which one express has found: an open `/light/:room` opens no closed `/light/secret`.
    httpNodeMiddleware: onlyWhatIsOpen,
    // No node type is excluded (exec, file, tcp, udp are there): a function node gets out of its sandbox anyway, so leaving them
    // out guards nothing, while one unknown type in a flow that its owner imports stops all flows. Who can deploy can run code as
    // the leader's user: therefore core lets designers and admins alone to the editor and to the API of the flows, and whoever
    // makes somebody a designer is told so. What such code may not find: the environment has none of the house's secrets
    // (childEnv in ../settings.ts takes them out for every part), nor has anything that a function node reaches without leaving
    // its sandbox. What leaves it is in this process, and may find what the process needs: the flow host's own bus user, which
    // may write under `flows/` and issue commands, the key of the flows' passwords, and the key that opens this door alone.

    // What flows keep outlives a restart, unless they ask for the store "memory".
    contextStorage: {
      default: { module: "localfilesystem", config: { flushInterval: 10 } },
      memory: { module: "memory" },
    },
    exportGlobalContextKeys: false,
    // The largest deploy, and the largest body of an HTTP-in node: both are held in memory (Node-RED's default, said aloud).
    apiMaxLength: "5mb",
    paletteCategories: ["Skein", "subflows", "common", "function", "network", "sequence", "parser", "storage"],
    editorTheme: {
      tours: false,
      // Its "log out" would log nobody out: that is done on the house's page.
      userMenu: false,
      page: {
        title,
        // Names the package of a type that an imported flow uses and nobody has installed.
        scripts: [join(__dirname, "../../editor/missing-modules.js")],
      },
      header: { title, url: "/" },
      projects: { enabled: false },
      palette: { catalogues: [init.catalogueUrl] },
    },
  };
}
