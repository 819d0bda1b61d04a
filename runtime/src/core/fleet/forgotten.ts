/**
 * Followers that somebody forgot. Their own kept messages (birth, presence) stay on the broker, where they alone may write,
 * and come again at every connection: what is of the same life as when they were forgotten brings nobody back. A sign of life does;
 * but not of one that was removed while it lived, whose last words may still be on their way: a new run only.
 */
import type { Watched } from "@skein/fleet";

export interface ForgottenLife {
  readonly id: string;
  readonly run?: string | undefined;
  readonly session?: string | undefined;
  /** The bus lets it in no more. */
  readonly removed?: boolean | undefined;
}

/** So many are remembered; beyond, the oldest may come back as a name in the list. */
const MAX = 10_000;

export class Forgotten {
  private readonly lives = new Map<string, ForgottenLife>();

  constructor(lives: readonly ForgottenLife[]) {
    for (const life of lives) this.lives.set(life.id, life);
  }

  list(): ForgottenLife[] {
    return [...this.lives.values()];
  }

  add({ id, run, session, removed }: ForgottenLife): void {
    this.lives.delete(id);
    this.lives.set(id, { id, run, session, ...(removed && { removed }) });
    const oldest = this.lives.keys().next().value;
    if (this.lives.size > MAX && oldest !== undefined) this.lives.delete(oldest);
  }

  /** True while only its leftovers speak. */
  hides({ id, run, session, verdict }: Pick<Watched, "id" | "run" | "session" | "verdict">): boolean {
    const life = this.lives.get(id);
    if (life === undefined || life.run !== run) return false;
    return life.removed === true || (verdict.state !== "alive" && life.session === session);
  }

  /** To be called with every verdict: the first sign of life ends the forgetting, also for the time after it. */
  heard(watched: Pick<Watched, "id" | "run" | "session" | "verdict">): void {
    if (!this.hides(watched)) this.lives.delete(watched.id);
  }
}
