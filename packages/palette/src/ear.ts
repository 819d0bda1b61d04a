/** One subscription among several: what the broker refused is asked for again, and what it granted is not asked for twice. */
export interface Ear {
  /** Known a moment after it was asked for. */
  readonly isRefused: boolean;
  listenAgain(): void;
}

export function createEar(subscribe: () => Promise<unknown>, onRefused: (error: unknown) => void): Ear {
  let isRefused = false;
  const listenAgain = () => {
    isRefused = false;
    subscribe().catch((error: unknown) => {
      isRefused = true;
      onRefused(error);
    });
  };
  listenAgain();
  return {
    get isRefused() {
      return isRefused;
    },
    listenAgain,
  };
}
