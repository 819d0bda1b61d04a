/** `skein-kasa-light`: lights follow what a flow says; what they confirm comes out, and what a hand on the wall switch did. */
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
import { SkeinError, sleep, systemClock } from "@skein/kit";
import type { NodeAPI, NodeDef, NodeMessage, NodeMessageInFlow } from "node-red";
import { carryOut, fadedTo, failureOf, type Carried } from "./carry-out";
import { defaults, transitionIn, type KasaLightConfig } from "./config";
import { deskOf } from "./desk-of";
import { expectedOf } from "./expected";
import { followFades } from "./fades";
import { createFirstPicture } from "./first-picture";
import type { LightDesk, News } from "./light-desk";
import type { Order } from "./order";
import { orderOf, sceneOrder } from "./payload";
import { confirmedMessage, initialMessage, newsMessage, type Asked } from "./report";
import { addRoutes, type LightNode } from "./routes";
import { lineOf } from "./show";
import { idsOf, namesIn } from "./targets";
import { watchedNames } from "./watched";

/** A blinking light is dark, or lit, for so long, ms. */
const BLINK_MS = 1000;

export = function register(RED: NodeAPI): void {
  const clock = skeinSettings(RED)?.clock ?? systemClock;
  const absences = createAbsences<LightDesk, News>(clock, (desk, hear) => desk.onNews(hear));

  RED.nodes.registerType<LightNode, NodeDef & KasaLightConfig, object, object>(
    "skein-kasa-light",
    function (this, saved) {
      RED.nodes.createNode(this, saved);
      const config = migrate(saved, {}, defaults);
      const status = createStatus(RED, this);
      let desk: LightDesk;
      let watched: readonly string[];
      const fadeMs = transitionIn(config.transitionMs);
      try {
        if (fadeMs === false)
          throw new SkeinError("TRANSITION_INVALID", `the fade is "${config.transitionMs}".`, {
            hint: "It is a number of ms from 0 to 600000, or empty.",
          });
        watched = watchedNames(RED, this, config, Array.isArray(saved.targets) && saved.targets.length > 0);
        desk = deskOf(RED, config, clock);
      } catch (error) {
        const key = keyOfFailure(error, {
          KASA_DIRECT_IN_HOUSE: "notHere",
          ID_INVALID: "badTarget",
          TARGET_INVALID: "badTarget",
        });
        status("bad", RED._(`kasa-light.status.${key}`), true);
        tellFailure(RED, this, error);
        return onInput(this, () => {
          throw error;
        });
      }
      const say = createSender(RED, this);
      const watchedIds = () => idsOf(desk, watched);

      let setting = 0;
      const look = () => {
        const lights = watchedIds().flatMap((id) => desk.get(id) ?? []);
        const { tone, pending, key, values } = lineOf({ presence: desk.presence, lights, setting });
        status(tone, RED._(`kasa-light.status.${key}`, { ...values }), pending);
      };
      const firstPicture = config.sendInitial
        ? createFirstPicture({ clock, desk, watched: watchedIds, say: (light) => say([null, initialMessage(light)]) })
        : undefined;
      const changed = () => {
        look();
        firstPicture?.look();
      };
      const tell = (news: News) => {
        if (!watchedIds().includes(news.light.id)) return;
        firstPicture?.told(news.light.id);
        say([null, newsMessage(news)]);
      };
      const stops = [desk.onNews(tell), desk.onChange(changed)];
      for (const news of absences.over(this.id, desk)) tell(news);
      changed();

      const carry = async (order: Exclude<Order, { does: "nothing" }>, message: NodeMessage): Promise<Carried> => {
        const names =
          config.targetType === "list" || order.does === "apply"
            ? watched
            : namesIn(await typedValue(RED, this, config.target, config.targetType, message));
        setting++;
        look();
        try {
          return await carryOut(order, { desk, clock, names, fadeMs, because: becauseOf(message) });
        } finally {
          setting--;
          look();
        }
      };
      /** What is to be given up when the node is closed. */
      const fades = new Set<() => void>();
      /** A fade of steps is answered by its first step: when the last one is confirmed, that is told as well. */
      const followFadesOf = (carried: Carried, asked: Asked) => {
        const ids = carried.outcomes.flatMap((one) => (one.ok && one.fading ? [one.device] : []));
        if (ids.length === 0) return;
        const stop = followFades(desk, clock, ids, (reached) => {
          fades.delete(stop);
          if (reached.length === 0) return;
          const id = RED.util.generateId();
          const { outcomes } = fadedTo(carried, { desk }, reached);
          say([confirmedMessage(desk, carried, outcomes, { ...asked, id, at: clock.now() }), null]);
        });
        fades.add(stop);
      };
      const failure = (carried: Carried) => failureOf(carried, (id) => desk.get(id)?.name ?? id);
      const orderIn = (payload: unknown): Order =>
        (config.does === "set" ? undefined : sceneOrder(config.does, config.scene, payload)) ?? orderOf(payload);

      onInput(this, async (message: NodeMessageInFlow, send) => {
        const payload = await typedValue(RED, this, config.payload, config.payloadType, message);
        const order = orderIn(payload);
        if (order.does === "nothing") return;
        const carried = await carry(order, message);
        const asked = { message, payload, id: RED.util.generateId(), at: clock.now() };
        const wrong = failure(carried);
        // Of several, those that followed are told, and a Catch node hears of the others.
        if (!wrong || carried.outcomes.some(({ ok }) => ok))
          send([confirmedMessage(desk, carried, carried.outcomes, asked), null]);
        followFadesOf(carried, asked);
        if (wrong) throw wrong;
      });

      const order = async (wish: Order): Promise<void> => {
        if (wish.does === "nothing") return;
        const wrong = failure(await carry(wish, {}));
        if (wrong) throw wrong;
      };
      const toggle: Order = { does: "set", wish: { on: "toggle" } };
      this.press = () => order(config.does === "set" ? toggle : orderIn(undefined));
      this.blink = async () => {
        const lights = watchedIds().flatMap((id) => desk.get(id) ?? []);
        const before = lights.map((light) => [light.id, expectedOf(desk, light).state?.on ?? false] as const);
        await order(toggle);
        await sleep(clock, BLINK_MS);
        await desk.set(
          before.map(([device, on]) => ({ device, set: { on } })),
          {},
        );
      };
      onClose(this, clock, (removed) => {
        for (const stop of [...stops, ...fades]) stop();
        firstPicture?.stop();
        if (!removed) absences.begin(this.id, desk);
      });
    },
  );

  addRoutes(RED, clock);
};
