/** Pictures that flow hosts send ahead of the notices that name them: kept in memory for the moment until those come. */
import type { Bus, Unsubscribe } from "@skein/bus";
import { flowMedia, MAX_MESSAGE_BYTES } from "@skein/contracts";
import { mediaHash, pictureTypeOf, type Clock, type PictureType } from "@skein/kit";

const MAX_KEPT = 16;
const KEEP_MS = 30_000;
/** Media may be late or lost (QoS 0); a notice waits so long for its picture, ms. */
const WAIT_MS = 2_000;

export interface Picture {
  readonly type: PictureType;
  readonly bytes: Buffer;
}

export interface Pictures {
  /** Undefined when it did not come, or is none. */
  take(host: string, hash: string): Promise<Picture | undefined>;
  close(): Promise<void>;
}

export async function listenForPictures(bus: Pick<Bus, "subscribeRaw">, clock: Clock): Promise<Pictures> {
  const kept = new Map<string, { picture: Picture; forget: () => void }>();
  const waiting = new Map<string, Set<(picture: Picture) => void>>();
  const drop = (key: string) => {
    kept.get(key)?.forget();
    kept.delete(key);
  };
  const unsubscribe: Unsubscribe = await bus.subscribeRaw(flowMedia.filter(), ({ topic, payload }) => {
    const ids = flowMedia.match(topic);
    const type = pictureTypeOf(payload);
    if (!ids || !type || payload.byteLength > MAX_MESSAGE_BYTES || mediaHash(payload) !== ids.hash) return;
    const key = `${ids.host}/${ids.hash}`;
    const picture = { type, bytes: Buffer.from(payload) };
    drop(key);
    kept.set(key, { picture, forget: clock.setTimer(() => drop(key), KEEP_MS, { unref: true }) });
    for (const old of [...kept.keys()].slice(0, -MAX_KEPT)) drop(old);
    for (const wake of waiting.get(key) ?? []) wake(picture);
  });
  return {
    take(host, hash) {
      const key = `${host}/${hash}`;
      const here = kept.get(key)?.picture;
      if (here) return Promise.resolve(here);
      return new Promise((resolve) => {
        const all = waiting.get(key) ?? new Set();
        waiting.set(key, all);
        const end = (picture?: Picture) => {
          cancel();
          all.delete(end);
          if (all.size === 0) waiting.delete(key);
          resolve(picture);
        };
        const cancel = clock.setTimer(() => end(), WAIT_MS, { unref: true });
        all.add(end);
      });
    },
    async close() {
      for (const key of kept.keys()) drop(key);
      await unsubscribe();
    },
  };
}
