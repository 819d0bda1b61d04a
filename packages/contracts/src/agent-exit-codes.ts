/** How a follower's agent ends, for its supervisor (systemd, the launcher, the virtual home). */
export const agentExitCodes = {
  /** Told to stop. */
  stopped: 0,
  /** Something that should not happen; the log says what. */
  failed: 1,
  usage: 2,
  /** A restart was asked for over the bus: EX_TEMPFAIL of sysexits.h. Supervisors start it again (systemd: RestartForceExitStatus=75). */
  restart: 75,
  /** The settings are wrong, and will be at the next start: EX_CONFIG (systemd: RestartPreventExitStatus=78). */
  config: 78,
} as const;
