/** Puts users, access rules and limits into Aedes' hooks. */
import { REFUSED_TOPIC } from "@skein/contracts";
import { type Clock, type Logger, messageOf } from "@skein/kit";
import { type Access, accessOf } from "./access";
import type { Counters, Refusal } from "./counters";
import type { BrokerLimits } from "./limits";
import type { Aedes, Client, PublishPacket, Subscription } from "./load-aedes";
import type { Persistence } from "./persistence";
import type { PublishOrder } from "./publish-order";
import { watchFile } from "./watch-file";
import { type BusUsers, type WatchedUsers, ownerOfClientId, verifyUser } from "./users";

/** CONNACK return codes, MQTT 3.1.1, 3.2.2.3. */
const IDENTIFIER_REJECTED = 2;
const BAD_USER_NAME_OR_PASSWORD = 4;
const NOT_AUTHORISED = 5;

interface Parts {
  readonly store: Persistence;
  readonly order: PublishOrder;
  readonly limits: BrokerLimits;
}

export class Admission {
  /** While stopping nothing is published any more, wills least of all. */
  stopping = false;
  private readonly wills = new WeakMap<Client, string>();
  /** By user, and by client id. */
  private access = new Map<string, Access | undefined>();
  private accessById = new Map<string, Access | undefined>();
  private accessFrom: BusUsers | undefined;
  private readonly loggedIn = new WeakMap<Client, { readonly name: string; readonly hash: string }>();
  private aedes: Aedes | undefined;

  constructor(
    private readonly users: WatchedUsers,
    private readonly counters: Counters,
    private readonly parts: { readonly clock: Clock; readonly logger: Logger },
  ) {}

  install(aedes: Aedes, parts: Parts): void {
    this.aedes = aedes;
    aedes.preConnect = (client, packet, done) => {
      if (packet.will) this.wills.set(client, packet.will.topic);
      done(null, true);
    };
    aedes.authenticate = (client, username, password, done) => {
      const refusal = this.login(client, username, password?.toString());
      if (!refusal) return done(null, true);
      this.counters.refuse(refusal.reason, client.id, username);
      done(Object.assign(new Error(refusal.reason), { returnCode: refusal.returnCode }), null);
    };
    aedes.authorizePublish = (client, packet, done) => this.publish(client, packet, parts, done);
    aedes.authorizeSubscribe = (client, subscription, done) => {
      const granted = this.subscribe(client, subscription);
      if (granted?.topic === REFUSED_TOPIC) tell(client, "", () => done(null, granted));
      else done(null, granted);
    };
    aedes.authorizeForward = (client, packet) => (this.forward(client, packet, parts) ? packet : null);
    for (const event of ["clientReady", "clientDisconnect"] as const)
      aedes.on(event, (client) => {
        // Not at a disconnection: when a connection is taken over, the old one ends after the new one's replay has begun.
        if (event === "clientReady") parts.store.replayed(client.id);
        if (!this.stopping) parts.store.seen(client.id).catch(this.failed(`note that ${client.id} was here`));
      });
  }

  /** The rights of whoever a client id belongs to, for a session that is away; none for a user that is no more. */
  accessOfClientId(clientId: string): Access | undefined {
    const users = this.freshUsers();
    if (!this.accessById.has(clientId))
      this.accessById.set(clientId, this.accessOfUser(ownerOfClientId(users, clientId) ?? ""));
    return this.accessById.get(clientId);
  }

  /** A connection has the rights of whom it logged in as: a client id may come to belong to a user who is made later. */
  private accessOfClient(client: Client): Access | undefined {
    const login = this.loggedIn.get(client);
    return login && this.accessOfUser(login.name);
  }

  private accessOfUser(name: string): Access | undefined {
    const user = this.freshUsers()[name];
    if (!this.access.has(name)) this.access.set(name, user && accessOf(user.role, user.id));
    return this.access.get(name);
  }

  private freshUsers(): BusUsers {
    const users = this.users.current;
    if (this.accessFrom !== users) {
      this.access = new Map();
      this.accessById = new Map();
      this.accessFrom = users;
    }
    return users;
  }

  /**
   * As soon as the file says so: throws off whoever is removed, has a new password or bears a client id that is now another's, and
   * forgets the sessions of nobody.
   */
  watch(usersFile: string, store: Persistence): () => void {
    const check = (): void => {
      const users = this.users.refresh();
      for (const client of Object.values(clientsOf(this.aedes))) {
        const login = this.loggedIn.get(client);
        if (!login) continue;
        if (users[login.name]?.hash !== login.hash || ownerOfClientId(users, client.id) !== login.name) client.close();
      }
      // One that cannot be forgotten now is harmless: nothing is queued for it, and the next check tries again.
      for (const clientId of store.clientIds)
        if (ownerOfClientId(users, clientId) === undefined)
          store.forget(clientId).catch(this.failed(`forget the session of ${clientId}`));
    };
    const stop = watchFile(usersFile, this.parts, check);
    check();
    return stop;
  }

  /** Sessions that nobody came back to since then. One that cannot be forgotten now is tried again next time. */
  forgetUnseen(store: Persistence, before: number): void {
    if (this.stopping) return;
    store
      .forgetUnseen(before, (clientId) => clientsOf(this.aedes)[clientId] !== undefined)
      .then(
        (gone) =>
          gone.length > 0 && this.parts.logger.info({ sessions: gone.length }, "forgot sessions nobody came back to"),
        this.failed("forget old sessions"),
      );
  }

  /** The store did not do something that the broker can go on without; a disk that is full says so here first. */
  private readonly failed =
    (what: string) =>
    (error: unknown): void =>
      this.parts.logger.warn({ reason: messageOf(error) }, `could not ${what}`);

  private login(
    client: Client,
    username: string | undefined,
    password: string | undefined,
  ): { reason: Refusal; returnCode: number } | undefined {
    const users = this.users.refresh();
    const user = verifyUser(users, username, password);
    if (!user) return { reason: "login", returnCode: BAD_USER_NAME_OR_PASSWORD };
    if (ownerOfClientId(users, client.id) !== user.id) return { reason: "client-id", returnCode: IDENTIFIER_REJECTED };
    const will = this.wills.get(client);
    if (will !== undefined && !this.accessOfUser(user.id)?.mayPublish(will))
      return { reason: "will", returnCode: NOT_AUTHORISED };
    this.loggedIn.set(client, { name: user.id, hash: user.hash });
    return undefined;
  }

  private publish(
    client: Client | null,
    packet: PublishPacket,
    { order }: Parts,
    done: (error?: Error | null) => void,
  ): void {
    if (this.stopping) return done(new Error("the broker is stopping"));
    if (!client || !this.accessOfClient(client)?.mayPublish(packet.topic)) {
      this.counters.refuse("publish", client?.id ?? "nobody", packet.topic);
      order.drop(packet);
      return packet.qos === 1 ? tell(client, String(packet.messageId), done) : done();
    }
    if (packet.qos === 1) order.accept(packet, client, done);
    else done();
  }

  private subscribe(client: Client, subscription: Subscription): Subscription | null {
    if (this.accessOfClient(client)?.maySubscribe(subscription.topic)) return subscription;
    this.counters.refuse("subscribe", client.id, subscription.topic);
    return null;
  }

  private forward(client: Client, packet: PublishPacket, { store, limits }: Parts): boolean {
    if (packet.retain && !store.isLatest(packet)) return false;
    const unsent = client.conn.writableLength;
    if (unsent > limits.maxUnsentBytes) {
      this.counters.refuse("slow", client.id);
      client.conn.destroy();
      return false;
    }
    if (unsent > limits.maxUnsentTelemetryBytes && packet.qos === 0) {
      this.counters.droppedTelemetry++;
      return false;
    }
    return this.accessOfClient(client)?.mayReceive(packet.topic) ?? false;
  }
}

/** On `REFUSED_TOPIC`: what is written to the socket before `done` comes before whatever Aedes answers. */
function tell(client: Client | null, payload: string, done: () => void): void {
  const listens =
    payload === "" || REFUSED_TOPIC in ((client as { subscriptions?: object } | null)?.subscriptions ?? {});
  if (!client || !listens) return done();
  const note = { cmd: "publish", topic: REFUSED_TOPIC, payload, qos: 0, retain: false, dup: false } as const;
  client.publish(note, () => done());
}

const clientsOf = (aedes: Aedes | undefined): Record<string, Client> =>
  (aedes as unknown as { clients?: Record<string, Client> } | undefined)?.clients ?? {};
