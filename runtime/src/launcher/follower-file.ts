/** Writes a follower.yaml for the agent (0600: it may hold the bus password). */
import { writeAtomically } from "@skein/kit";
import { stringify } from "yaml";

export interface FollowerFile {
  readonly id: string;
  readonly name?: string;
  readonly bus: {
    readonly url: string;
    readonly username?: string;
    readonly password?: string;
    readonly tls?: unknown;
  };
  readonly stateDir: string;
  readonly logLevel?: string;
  readonly capabilities?: { readonly health: { readonly heartbeatMs: number; readonly metricsMs: number } };
}

export const followerYaml = (follower: FollowerFile, heading: string): string => `# ${heading}\n${stringify(follower)}`;

export function writeFollowerFile(file: string, follower: FollowerFile, heading: string): void {
  writeAtomically(file, followerYaml(follower, heading));
}
