/** `skein-stm32-peripheral`: a board's channels follow what a flow says; what they measure comes out, and what happens to them. */
import {
  becauseOf,
  createAbsences,
  createSender,
  createStatus,
  keyOfFailure,
  migrate,
  onClose,
  onInput,
  skeinSettings,
  tellFailure,
  typedValue,
} from "@skein/palette";
import { systemClock } from "@skein/kit";
import type { Node, NodeAPI, NodeDef, NodeMessage } from "node-red";
import { isAway } from "./away";
import { carryOut } from "./carry-out";
import { chosenIn, numberOf } from "./chosen";
import { defaults, type Stm32PeripheralConfig } from "./config";
import { deskOf } from "./desk-of";
import type { HubDesk } from "./hub-desk";
import { reachedMessage } from "./report";
import { addRoutes, type PeripheralNode } from "./routes";
import { lineOf } from "./show";
import { listenTo, speakUp, type News } from "./speak-up";
import { createStatusLine } from "./status-line";
import { createTeller } from "./teller";
import { valueShown } from "./wanted";

/** Keys of the status, by the codes of what keeps a node from working. */
const FAILURES = {
  HUB_DIRECT_IN_HOUSE: "notHere",
  HUB_LINE_MISSING: "noLine",
  ID_INVALID: "badTarget",
  HUB_SETTING_INVALID: "badSetting",
};

export = function register(RED: NodeAPI): void {
  const clock = skeinSettings(RED)?.clock ?? systemClock;
  const absences = createAbsences<HubDesk, News>(clock, listenTo);

  /** @throws SkeinError ID_INVALID, HUB_SETTING_INVALID, and what `deskOf` throws */
  const settle = (node: Node, config: Stm32PeripheralConfig) => ({
    chosen: chosenIn(RED, node, config),
    rampMs: numberOf(config, "rampMs"),
    forMs: numberOf(config, "forMs"),
    deadband: numberOf(config, "deadband") ?? 0,
    everyMs: (numberOf(config, "everyS") ?? Number(defaults.everyS)) * 1000,
    desk: deskOf(RED, config),
  });

  RED.nodes.registerType<PeripheralNode, NodeDef & Stm32PeripheralConfig, object, object>(
    "skein-stm32-peripheral",
    function (this, saved) {
      RED.nodes.createNode(this, saved);
      const config = migrate(saved, {}, defaults);
      const status = createStatus(RED, this);
      let settled: ReturnType<typeof settle>;
      try {
        settled = settle(this, config);
      } catch (error) {
        status("bad", RED._(`stm32-peripheral.status.${keyOfFailure(error, FAILURES)}`), true);
        tellFailure(RED, this, error);
        return onInput(this, () => {
          throw error;
        });
      }
      const { desk, chosen, rampMs, forMs, everyMs } = settled;
      const { tell, sendInitial } = config;
      const line = createStatusLine(desk, clock, (asking) => {
        const { tone, pending, key, values } = lineOf(desk, chosen, asking);
        status(tone, RED._(`stm32-peripheral.status.${key}`, { ...values }), pending);
      });
      const teller = createTeller(settled.deadband);
      const say = createSender(RED, this);
      const parts = { desk, chosen, teller, tell, everyMs, sendInitial, clock, say };
      const stopSpeaking = speakUp(parts, absences.over(this.id, desk));

      const carry = (payload: unknown, message: NodeMessage) => {
        const named = { board: message["board"], channel: message["channel"] };
        const because = becauseOf(message);
        return line.asking(carryOut(payload, { desk, clock, chosen, named, rampMs, forMs, because }));
      };
      onInput(this, async (message, send) => {
        const payload = await typedValue(RED, this, config.payload, config.payloadType, message);
        const carried = await carry(payload, message);
        const at = clock.now();
        for (const { channel, ...stands } of carried.reached.channels)
          teller.told(carried.board.id, channel, { ...stands, at });
        send([reachedMessage(desk, carried, { message, payload, id: RED.util.generateId(), at }), null]);
      });

      this.readNow = async () => {
        const { channel, reached } = await carry("read", {});
        const [stands] = reached.channels;
        return channel && stands?.value !== undefined ? valueShown(stands.value, channel) : (stands?.fault ?? "?");
      };
      this.makeSafe = async () => void (await carry("safe", {}));

      onClose(this, clock, async (removed) => {
        stopSpeaking();
        line.stop();
        if (!removed) absences.begin(this.id, desk);
        if (!config.safeOnClose) return;
        const used = desk.boards().filter((board) => (chosen.board || board.id) === board.id && !isAway(board));
        await Promise.allSettled(used.map(({ id }) => desk.send(id, { action: "safe" }, {})));
      });
    },
  );

  addRoutes(RED, clock);
};
