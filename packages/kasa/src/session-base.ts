/** What every session does alike: it ends once, for one reason, and says so to whoever listens. */
import { connectionLost } from "./failure";
import type { HttpPost } from "./http-post";
import type { Endpoint, Protocol, Session } from "./protocol";

export abstract class SessionBase implements Session {
  abstract readonly protocol: Protocol;
  protected ended: Error | undefined;
  private readonly closeListeners = new Set<(reason: Error) => void>();

  constructor(readonly endpoint: Endpoint) {}

  abstract request(request: object): Promise<object>;
  /** Lets go of the connection; called once. */
  protected abstract hangUp(reason: Error): void;

  onClosed(listener: (reason: Error) => void): void {
    this.closeListeners.add(listener);
  }

  close(): void {
    this.closeListeners.clear();
    this.end(connectionLost(this.endpoint));
  }

  protected end(reason: Error): void {
    if (this.ended) return;
    this.ended = reason;
    this.hangUp(reason);
    for (const listener of this.closeListeners) listener(reason);
  }
}

/** One over HTTP: whatever goes wrong with a request ends it. */
export abstract class HttpSession extends SessionBase {
  constructor(
    endpoint: Endpoint,
    protected readonly http: HttpPost,
  ) {
    super(endpoint);
  }

  protected abstract exchange(request: object): Promise<object>;

  async request(request: object): Promise<object> {
    if (this.ended) throw this.ended;
    try {
      return await this.exchange(request);
    } catch (error) {
      this.end(error as Error);
      throw error;
    }
  }

  protected hangUp(): void {
    this.http.close();
  }
}
