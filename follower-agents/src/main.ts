import "./memory-flags";
import { dirname } from "node:path";
import { agentExitCodes } from "@skein/contracts";
import { createLogger, hasCode, messageOf, systemClock, systemRandom, type LogLevel, type Logger } from "@skein/kit";
import { endCleanly, tellReady } from "@skein/kit/child-process";
import { startAgent, type Agent } from "./agent";
import { capabilities } from "./capabilities";
import { HELP, parseCommandLine, type JoinLine } from "./command-line";
import { loadAgentSettings, type AgentSettings } from "./config";
import { realHost } from "./host/real-host";
import { createFollowerBus } from "./follower-bus";
import { virtualHost } from "./host/virtual-host";
import { joinHouse } from "./join";
import { createMembers } from "./members";
import { dieWithParent } from "./parent";
import { openPrivacyGuard } from "./privacy-guard";
import { tellRefusedLogin } from "./refused-login";
import { openRunTimeSettings } from "./run-time-settings";
import { agentVersion } from "./version";

/**
 * `node agent.js --config follower.yaml`, `node agent.js join CODE`: the only place of the agent that builds things and hands them to each other, and the
 * only one that knows the process.
 */

// mqtt.js calls url.parse(), of which newer Nodes warn at every start: nobody who reads an agent's log can help that.
process.noDeprecation = true;

function main(argv: readonly string[]): void {
  const line = parseCommandLine(argv);
  if (line.do === "help") return void process.stdout.write(HELP);
  if (line.do === "version") return void process.stdout.write(`${agentVersion}\n`);
  process.umask(0o077);
  if (line.do === "run") return run(loadAgentSettings(line.config), dirname(line.config));
  joinAndRun(line).catch(fail);
}

async function joinAndRun(line: JoinLine): Promise<void> {
  const { hostname, ...host } = realHost({ clock: systemClock }).describe();
  const { id, file } = await joinHouse(line, { ...(hostname !== undefined && { hostname }), host });
  process.stdout.write(`This machine is the house's follower "${id}" now; from the next time on: --config ${file}\n`);
  if (line.run) run(loadAgentSettings(file), dirname(file));
}

function run(settings: AgentSettings, dir: string): void {
  const clock = systemClock;
  const random = systemRandom;
  const logger = createLogger({ name: `agent ${settings.id}`, level: settings.logLevel });
  // A pino child keeps the level that it was made with, so all are remembered: a new level is for each.
  const loggers: Logger[] = [logger];
  logger.onChild = (child) => void loggers.push(child);
  const busLogger = logger.child({ part: "bus" });
  const host = settings.host.virtual ? virtualHost(settings.host.virtual, clock) : realHost({ clock });

  const bus = createFollowerBus(settings, { clock, random, logger: busLogger });

  tellRefusedLogin(bus, busLogger);

  let agent: Agent | undefined;
  const end = endCleanly(() => (agent ? agent.stop() : bus.close()));
  if (settings.exitWithParent) dieWithParent(() => process.exit(agentExitCodes.failed));

  startAgent({
    settings,
    version: agentVersion,
    host,
    bus,
    capabilities,
    runTimeSettings: openRunTimeSettings(settings.stateDir, logger),
    privacy: openPrivacyGuard(settings.stateDir, logger.child({ part: "privacy" })),
    members: createMembers({ dir, clock, random, logger }),
    clock,
    random,
    logger,
    setLogLevel: (level) => setLevel(loggers, level),
    onRestart: () => end(agentExitCodes.restart),
  }).then(
    (started) => {
      agent = started;
      // Under the leader's launcher; nobody listens elsewhere.
      tellReady();
    },
    (error: unknown) => fail(error),
  );
}

const setLevel = (loggers: readonly Logger[], level: LogLevel): void => {
  for (const one of loggers) one.level = level;
};

/** One clear line, and a code that tells a supervisor whether another try makes sense. */
function fail(error: unknown): void {
  process.stderr.write(`${hasCode(error) ? `${error.code}: ` : ""}${messageOf(error)}\n`);
  const code = hasCode(error) ? error.code : "";
  if (code === "OPTION_INVALID") process.exit(agentExitCodes.usage);
  const wrongSettings = code.startsWith("CONFIG_") || code === "BUS_ADDRESS_INVALID" || code === "HOST_UNSUPPORTED";
  process.exit(wrongSettings ? agentExitCodes.config : agentExitCodes.failed);
}

try {
  main(process.argv.slice(2));
} catch (error) {
  fail(error);
}
