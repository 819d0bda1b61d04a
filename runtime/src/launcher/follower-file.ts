/** Writes a follower.yaml for the agent (0600: it may hold the bus password). */
import { writeAtomically } from "@skein/kit";
import { stringify } from "yaml";
import type { LeaderSettings } from "../settings";

export interface FollowerFile {
  readonly id: string;
  readonly name?: string;
  readonly bus: {
    readonly url: string;
    readonly username?: string;
    readonly password?: string;
    readonly tls?: {
      readonly caFile?: string;
      readonly certFile?: string;
      readonly keyFile?: string;
      readonly rejectUnauthorized?: boolean;
    };
  };
  readonly stateDir: string;
  readonly logLevel?: string;
  readonly capabilities?: { readonly health: { readonly heartbeatMs: number; readonly metricsMs: number } };
}

/** The files that the leader's own way to the bus names, under the agent's names for them. */
export const followerTls = ({ tls }: LeaderSettings["bus"]): Pick<FollowerFile["bus"], "tls"> =>
  tls
    ? {
        tls: {
          ...(tls.ca !== undefined && { caFile: tls.ca }),
          ...(tls.cert !== undefined && { certFile: tls.cert }),
          ...(tls.key !== undefined && { keyFile: tls.key }),
          rejectUnauthorized: tls.rejectUnauthorized,
        },
      }
    : {};

export const followerYaml = (follower: FollowerFile, heading: string): string => `# ${heading}\n${stringify(follower)}`;

export function writeFollowerFile(file: string, follower: FollowerFile, heading: string): void {
  writeAtomically(file, followerYaml(follower, heading));
}
