import type { AnyMessage } from "@skein/contracts";
import type { RawMessage, Received } from "./bus";
import { FilterTree } from "./filter-tree";

/** Those who listen to one message (or to raw bytes) by one filter. */
export interface Group {
  readonly filter: string;
  readonly message: AnyMessage | undefined;
  readonly typed: Set<TypedListener>;
  readonly raw: Set<(message: RawMessage) => void>;
}

export interface TypedListener {
  onMessage(received: Received<AnyMessage>): void;
  onCleared(ids: Readonly<Record<string, string>>): void;
}

/** Where a topic goes: found once, then remembered. */
export interface Route {
  readonly typed: readonly {
    readonly message: AnyMessage;
    readonly ids: Readonly<Record<string, string>> | undefined;
    readonly groups: readonly Group[];
  }[];
  readonly raw: readonly Group[];
}

/** 10,000 followers with half a dozen topics each. */
const MAX_ROUTES = 80_000;

/** Who listens to what, and the way from a topic to them. */
export class Listeners {
  private readonly tree = new FilterTree<Group>();
  private readonly groups = new Map<string, Group[]>();
  private routes = new Map<string, Route>();

  /** The group for a filter and message, made when there is none. */
  join(filter: string, message: AnyMessage | undefined): Group {
    const same = this.groups.get(filter) ?? [];
    let group = same.find((other) => other.message === message);
    if (!group) {
      group = { filter, message, typed: new Set(), raw: new Set() };
      this.groups.set(filter, [...same, group]);
      this.tree.add(filter, group);
      this.routes.clear();
    }
    return group;
  }

  /** Forgets an empty group; true when nobody listens to its filter any more. */
  leave(group: Group): boolean {
    if (group.typed.size + group.raw.size > 0) return false;
    const rest = (this.groups.get(group.filter) ?? []).filter((other) => other !== group);
    if (rest.length > 0) this.groups.set(group.filter, rest);
    else this.groups.delete(group.filter);
    this.tree.delete(group.filter, group);
    this.routes.clear();
    return rest.length === 0;
  }

  route(topic: string): Route {
    let route = this.routes.get(topic);
    if (!route) {
      if (this.routes.size >= MAX_ROUTES) this.routes.clear();
      this.routes.set(topic, (route = this.find(topic)));
    }
    return route;
  }

  private find(topic: string): Route {
    const groups = this.tree.match(topic);
    const messages = new Set(groups.flatMap(({ message }) => message ?? []));
    return {
      typed: [...messages].map((message) => ({
        message,
        ids: message.match(topic),
        groups: groups.filter((group) => group.message === message),
      })),
      raw: groups.filter((group) => group.message === undefined),
    };
  }
}
