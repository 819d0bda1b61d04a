/**
 * Handing a message out does not wait until every receiver's socket has taken it. Aedes waits, with a hundred messages under way
 * at most: one frozen receiver would hold up the whole house for a minute. What may pile up is bounded elsewhere (admission.ts).
 */
import type { Aedes } from "./load-aedes";

type Deliver = (packet: unknown, done: () => void) => void;
interface Subscribing {
  subscribe(filter: string, deliver: Deliver, done: () => void): void;
  unsubscribe(filter: string, deliver: Deliver, done: () => void): void;
}

/** Changes this broker, before its first client. */
export function decoupleDelivery(aedes: Aedes): void {
  const insides = aedes as unknown as Subscribing;
  const subscribe = insides.subscribe.bind(insides);
  const unsubscribe = insides.unsubscribe.bind(insides);
  const wrapped = new WeakMap<Deliver, Deliver>();
  insides.subscribe = (filter, deliver, done) => {
    const handOut: Deliver = (packet, handedOut) => {
      deliver(packet, () => undefined);
      handedOut();
    };
    wrapped.set(deliver, handOut);
    subscribe(filter, handOut, done);
  };
  insides.unsubscribe = (filter, deliver, done) => unsubscribe(filter, wrapped.get(deliver) ?? deliver, done);
}
