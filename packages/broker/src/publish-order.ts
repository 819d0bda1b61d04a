/**
 * Publishes one message after the other. Aedes numbers messages when they arrive but passes a kept or QoS 1 message on only
 * after it has been stored; one without storing overtakes it, and then every receiver takes the older for a duplicate and
 * drops it (`dedupe` in aedes/lib/client.js). Here the next message waits until the one before has been stored and handed
 * out; nobody waits for receivers.
 *
 * It also lets QoS 1 be acknowledged after storing, where Aedes acknowledges before: `accept` stores and hands out, and Aedes'
 * own call for the same packet, which follows the acknowledgement, then finds it done.
 */
import type { Aedes, Client, PublishPacket } from "./load-aedes";

type Done = (error?: Error | null) => void;
interface Job {
  readonly packet: PublishPacket;
  readonly client: Client | null;
  readonly stored: Done;
  readonly done: Done;
}
interface Insides {
  publish(packet: PublishPacket, client: Client | Done | null, done?: Done): void;
  mq: { emit(packet: unknown, done: Done): unknown };
}

export class PublishOrder {
  private readonly jobs: Job[] = [];
  private readonly finished = new WeakSet<PublishPacket>();
  private current: Job | undefined;
  private running = false;
  private readonly publish: (packet: PublishPacket, client: Client | null, done: Done) => void;

  constructor(aedes: Aedes) {
    const insides = aedes as unknown as Insides;
    this.publish = insides.publish.bind(insides);
    const emit = insides.mq.emit.bind(insides.mq);
    insides.mq.emit = (packet, done) => {
      const job = this.current;
      const result = emit(packet, done);
      this.over(job);
      return result;
    };
    insides.publish = (packet, client, done) => {
      const callback = (typeof client === "function" ? client : done) ?? (() => undefined);
      if (this.finished.has(packet)) return callback();
      this.add({
        packet,
        client: typeof client === "function" ? null : client,
        stored: () => undefined,
        done: callback,
      });
    };
  }

  /** Takes it as published although it is not: acknowledged and dropped. */
  drop(packet: PublishPacket): void {
    this.finished.add(packet);
  }

  /** `stored` when it is on disk and handed out, or could not be stored. */
  accept(packet: PublishPacket, client: Client | null, stored: Done): void {
    this.finished.add(packet);
    this.add({ packet, client, stored, done: () => undefined });
  }

  private add(job: Job): void {
    this.jobs.push(job);
    this.run();
  }

  private run(): void {
    if (this.running) return;
    this.running = true;
    for (let job = this.take(); job; job = this.take()) {
      const { packet, client, done } = job;
      this.publish(packet, client, (error) => {
        this.over(job, error);
        done(error);
      });
    }
    this.running = false;
  }

  private take(): Job | undefined {
    if (this.current) return undefined;
    return (this.current = this.jobs.shift());
  }

  /** Handing out may end the whole publish, and begin the next one, before it returns: each job is over once. */
  private over(job: Job | undefined, error?: Error | null): void {
    if (!job || this.current !== job) return;
    this.current = undefined;
    job.stored(error);
    this.run();
  }
}
