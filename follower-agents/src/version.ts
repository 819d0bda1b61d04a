declare const SKEIN_AGENT_VERSION: string | undefined;

/** Put in by build.mjs from package.json; a run from source (tests) says so. */
export const agentVersion: string = typeof SKEIN_AGENT_VERSION === "string" ? SKEIN_AGENT_VERSION : "0.0.0-source";
