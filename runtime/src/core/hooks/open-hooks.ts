/** Which of the flows' routes need no token: `<dataDir>/core/hooks.json`. None, until somebody opens one. */
import { hook, type Hook } from "@skein/contracts";
import { defineDocument, openDocument, SkeinError, type Clock } from "@skein/kit";
import { z } from "zod";
import type { Actor } from "../auth/actor";
import { signatureOf } from "../auth/actor";
import type { EventSink, OnChanged } from "../event-sink";
import type { Signed } from "../registry/residents";
import { isPlain, opens } from "./hook-path";

const openHook = z.strictObject({ ...hook.shape, since: z.number(), by: z.string().optional() });
export type OpenHook = z.output<typeof openHook>;
export const hooksDocument = defineDocument({
  name: "hooks.json",
  schema: z.strictObject({ version: z.literal(1), open: z.array(openHook) }),
  empty: { version: 1, open: [] },
});
const MOST = 1000;

export interface OpenHooks extends Signed {
  list(): readonly OpenHook[];
  /** The patterns that are open and fit. `path`: of `hookPath`; `method`: of `hookMethodOf`. */
  openFor(method: string, path: string): string[];
  /** @throws SkeinError HOOK_INVALID, DOCUMENT_UNWRITABLE */
  open(actor: Actor, hook: Hook): Promise<OpenHook>;
  /** @throws SkeinError DOCUMENT_UNWRITABLE */
  close(actor: Actor, hook: Hook): Promise<void>;
}

/** @throws SkeinError DOCUMENT_UNREADABLE */
export function openHooks(
  path: string,
  { clock, events, onChanged }: { clock: Pick<Clock, "now">; events: EventSink; onChanged: OnChanged },
): OpenHooks {
  const document = openDocument({ file: path, ...hooksDocument });
  const tell = (actor: Actor, type: "hook-opened" | "hook-closed", { method, path }: Hook): void => {
    onChanged("hooks");
    const what = `${method.toUpperCase()} /hooks${path}`;
    events.add({
      type,
      severity: "notice",
      text: type === "hook-opened" ? `${what} now needs no token` : `${what} needs a token again`,
      subject: { kind: "hook", id: `${method} ${path}`.slice(0, 128) },
      audit: true,
      ...signatureOf(actor),
    });
  };
  const find = (wanted: Hook): OpenHook | undefined => document.value.open.find((each) => isSame(each, wanted));
  return {
    list: () => document.value.open,
    openFor: (method, asked) => document.value.open.flatMap((each) => (opens(each, method, asked) ? [each.path] : [])),
    async open(actor, { method, path }) {
      if (!isPlain(path))
        throw new SkeinError(
          "HOOK_INVALID",
          `${path} cannot be opened: only plain names and :parameters between slashes can, so that it is sure what is open.`,
        );
      // Below it lies whatever else the flows' modules serve, a dashboard's pages say, without asking which route is open.
      if (path.startsWith("/:"))
        throw new SkeinError(
          "HOOK_INVALID",
          `${path} cannot be opened: it begins with a :parameter and so fits what other nodes serve; have its route begin with a name.`,
        );
      // Node-RED's listeners know no parameters: one that had some would be open for all others.
      if (method === "ws" && path.includes("/:"))
        throw new SkeinError("HOOK_INVALID", `${path} cannot be opened: a WebSocket's path has no :parameters.`);
      const already = find({ method, path });
      if (already) return already;
      const by = actor.account?.id;
      const opened: OpenHook = { method, path, since: clock.now(), ...(by !== undefined && { by }) };
      await document.update(({ open }) => {
        if (open.length >= MOST) throw new SkeinError("HOOKS_TOO_MANY", `${MOST} are open already; close some first.`);
        return { version: 1, open: [...open, opened] };
      });
      tell(actor, "hook-opened", opened);
      return opened;
    },
    async close(actor, wanted) {
      if (!find(wanted)) return;
      await document.update(({ open }) => ({ version: 1, open: open.filter((each) => !isSame(each, wanted)) }));
      tell(actor, "hook-closed", wanted);
    },
    signedBy: (isTheirs) =>
      document.value.open
        .filter(({ by, since }) => isTheirs(by, since))
        .map(({ since, path: opened }) => ({ at: since, where: "hooks", what: `/hooks${opened} was opened` })),
    async unsign(isTheirs) {
      if (!document.value.open.some(({ by, since }) => isTheirs(by, since))) return;
      await document.update(({ open }) => ({
        version: 1,
        open: open.map((each) => {
          const { by: _by, ...rest } = each;
          return isTheirs(each.by, each.since) ? rest : each;
        }),
      }));
    },
  };
}

const isSame = (a: Hook, b: Hook): boolean => a.method === b.method && a.path === b.path;
