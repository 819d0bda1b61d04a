import { signal, type Signal } from "@preact/signals";
import type {
  AccountView,
  BackupView,
  CareView,
  DevicesView,
  DeviceView,
  JoinCodesView,
  LiveResource,
  NoticeChannelsView,
  NoticeView,
  PrivacyView,
  RegistryView,
  RoutineView,
  SceneView,
  Scope,
  SessionView,
  SnapshotView,
  TokenView,
} from "@skein/contracts";
import { ApiError } from "./api-error";
import type { Api } from "./client";

/**
 * What the page shows of the API and the leader tells changes of: fetched when a part of the page first shows it, again whenever
 * the leader says that it changed or a connection is new, and not while nobody looks.
 */
export interface Resources {
  of<N extends ResourceName>(name: N): Resource<ResourceValues[N]>;
  /** One device as it is now, said by the leader over the socket or in answer to an order. */
  device(view: DeviceView): void;
  /** The leader says that it is not as it was. */
  changed(name: LiveResource): void;
  /** Something may have been missed (a new connection, another account). */
  renew(): void;
  /** Another account may not see what this one saw. */
  forget(): void;
}

export interface Resource<T> {
  /** Undefined until it has come; the last one while it is fetched anew. */
  readonly value: Signal<T | undefined>;
  /** Why it could not be fetched; undefined again once it could. */
  readonly error: Signal<ApiError | undefined>;
  /** Keeps it fresh until the returned function is called. */
  show(): () => void;
  readonly refresh: () => Promise<void>;
}

export interface ResourceValues {
  registry: RegistryView;
  devices: DevicesView;
  scenes: SceneView[];
  privacy: PrivacyView;
  notices: NoticeView[];
  /** Set in skein.yaml: nobody tells of a change but a new connection. */
  "notices/channels": NoticeChannelsView;
  routines: RoutineView[];
  accounts: AccountView[];
  tokens: { tokens: TokenView[]; mayGive: Scope[] };
  sessions: SessionView[];
  "join-codes": JoinCodesView;
  backups: BackupView[];
  care: CareView;
  /** Their snapshots; one comes with every deploy. */
  flows: SnapshotView[];
}
export type ResourceName = keyof ResourceValues;

const fetchers: { readonly [N in ResourceName]: (api: Api) => Promise<ResourceValues[N]> } = {
  registry: (api) => api.get("registry"),
  devices: (api) => api.get("devices"),
  scenes: (api) => api.list("scenes"),
  privacy: (api) => api.get("privacy"),
  notices: (api) => api.list("notices"),
  "notices/channels": (api) => api.get("notices/channels"),
  routines: (api) => api.list("routines"),
  accounts: (api) => api.list("accounts"),
  tokens: (api) => api.get("tokens"),
  sessions: (api) => api.list("sessions"),
  "join-codes": (api) => api.get("join-codes"),
  backups: (api) => api.list("backups"),
  care: (api) => api.get("care"),
  flows: (api) => api.list("snapshots"),
};
const NAMES = Object.keys(fetchers) as ResourceName[];

export function createResources(api: Api): Resources {
  const all = new Map(NAMES.map((name) => [name, createResource(() => fetchers[name](api) as Promise<unknown>)]));
  const find = (name: string) => all.get(name as ResourceName);
  return {
    of: <N extends ResourceName>(name: N) => find(name) as unknown as Resource<ResourceValues[N]>,
    device(view) {
      find("devices")?.amend((value) => {
        const known = value as DevicesView;
        const before = known.devices.find(({ id }) => id === view.id);
        // An order's answer and the socket come by two ways: which is the later, only the leader knows.
        const overtaken = before && view.confirmedAt !== undefined && (before.confirmedAt ?? 0) > view.confirmedAt;
        if (!before || overtaken) return undefined;
        return { ...known, devices: known.devices.map((each) => (each === before ? view : each)) };
      });
    },
    changed: (name) => find(name)?.spoil(),
    renew: () => all.forEach((each) => each.spoil()),
    forget: () => all.forEach((each) => each.forget()),
  };
}

interface Kept extends Resource<unknown> {
  spoil(): void;
  /** Takes a part of it that came by itself; undefined: it has no place for that part, and is fetched anew. */
  amend(change: (value: unknown) => unknown): void;
  forget(): void;
}

function createResource(fetch: () => Promise<unknown>): Kept {
  const value = signal<unknown>(undefined);
  const error = signal<ApiError | undefined>(undefined);
  let shown = 0;
  let old = true;
  let running: Promise<void> | undefined;
  // What an account may no longer see must not come in late.
  let generation = 0;

  async function take(): Promise<void> {
    do {
      old = false;
      const asked = generation;
      try {
        const answer = await fetch();
        if (asked !== generation) continue;
        value.value = answer;
        error.value = undefined;
      } catch (reason) {
        if (asked === generation) error.value = reason as ApiError;
      }
      // It changed again meanwhile.
    } while (old && shown > 0);
    running = undefined;
  }
  const refresh = () => {
    old = true;
    return (running ??= take());
  };
  return {
    value,
    error,
    refresh,
    show() {
      shown += 1;
      if (old) void refresh();
      return () => void (shown -= 1);
    },
    amend(change) {
      if (value.value === undefined) return;
      const amended = change(value.value);
      if (amended !== undefined) value.value = amended;
      // An answer that is under way may be from before the part came.
      if (amended === undefined || running) this.spoil();
    },
    spoil() {
      old = true;
      if (shown > 0) void refresh();
    },
    forget() {
      generation += 1;
      old = true;
      value.value = undefined;
      error.value = undefined;
    },
  };
}
