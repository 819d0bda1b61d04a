/** The programs that the leader starts. */
import { z } from "zod";
import { ms, password, userName } from "./fields";

export const launcherSettings = z
  .strictObject({
    /** A part that says nothing for so long is killed and restarted. */
    stallMs: ms.default(10_000),
    /**
     * The same for core and the broker, which the whole house waits for: a laptop's disk or a debugger may hold them up for 20 s, and
     * then a leader that doubts itself (observer-late) does less harm than one that is killed.
     */
    coreStallMs: ms.default(45_000),
    /** A part that is not ready by then is killed and restarted. */
    startMs: ms.default(60_000),
    /** First wait before a restart, and the longest. */
    restartMs: ms.default(250),
    restartMaxMs: ms.default(10_000),
    /** So many deaths, each this soon after its start, are a crash loop: the flow host then starts with its flows stopped. */
    crashLoopDeaths: z.int().min(1).max(100).default(3),
    crashLoopMs: ms.default(60_000),
  })
  .prefault({});

/** The follower agent for this very machine. */
export const followerSettings = z
  .strictObject({
    enabled: z.boolean().default(true),
    /** Default: this machine's host name made into an id. */
    id: z.string().min(1).max(63).optional(),
    name: z.string().min(1).max(100).optional(),
    heartbeatMs: z.int().min(100).max(60_000).default(5_000),
    metricsMs: z.int().min(500).max(600_000).default(10_000),
    /** Its name at your broker, which is its id; needed with `bus.username`. */
    username: userName.optional(),
    password: password.optional(),
  })
  .prefault({});
