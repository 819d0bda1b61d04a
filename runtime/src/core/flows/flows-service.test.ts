/** What the flows' service does with Node-RED's word that other flows stand in it; the rest is told by snapshots.test.ts and e2e tests. */
import { flowDeployed, type FlowsDeployment } from "@skein/contracts";
import { SkeinError, silentLogger, systemRandom, type Logger } from "@skein/kit";
import { createFlowsService, type FlowsServiceParts } from "./flows-service";

it.each`
  cause       | said | because
  ${"start"}  | ${0} | ${"Node-RED tells of its start before it can be asked, and is asked when it is up"}
  ${"deploy"} | ${1} | ${"a deploy without its snapshot is a loss"}
`("logs $said errors where the flow host is away after a $cause: $because", async ({ cause, said }) => {
  const errors: unknown[] = [];
  let tell: ((message: { data: FlowsDeployment; envelope: { at: number } }) => void) | undefined;
  const service = await createFlowsService({
    bus: {
      subscribe: async (message: unknown, _ids: unknown, listener: typeof tell) => {
        expect(message).toBe(flowDeployed);
        tell = listener;
        return async () => {};
      },
    } as unknown as FlowsServiceParts["bus"],
    nodeRed: {
      flows: () => Promise.reject(new SkeinError("FLOW_HOST_AWAY", "the flow host does not answer.")),
    } as unknown as FlowsServiceParts["nodeRed"],
    kept: { latestRev: undefined } as FlowsServiceParts["kept"],
    random: systemRandom,
    now: () => 0,
    events: { add: () => {} },
    onChanged: () => {},
    onBad: () => {},
    logger: { ...silentLogger, error: (...words: unknown[]) => void errors.push(words) } as unknown as Logger,
  });
  tell?.({ data: { rev: "r", cause: cause as FlowsDeployment["cause"] }, envelope: { at: 1 } });
  await service.close();
  expect(errors).toHaveLength(said as number);
});
