/** `/backups`: an admin's, since a backup holds every secret of the house. */
import { backupView } from "@skein/contracts";
import { z } from "zod";
import { ANSWERED, defineRoute, type Route } from "../api/route";
import { signatureOf, type Actor } from "../auth/actor";
import type { EventSink } from "../event-sink";
import type { Backups } from "./backups";

export interface BackupRouteParts {
  readonly backups: Backups;
  readonly events: EventSink;
}

const params = z.strictObject({ id: z.string() });

export function backupRoutes({ backups, events }: BackupRouteParts): Route[] {
  const tell = (actor: Actor, type: string, text: string, id: string) =>
    events.add({ type, severity: "notice", audit: true, text, subject: { kind: "backup", id }, ...signatureOf(actor) });
  return [
    defineRoute({
      method: "get",
      path: "/backups",
      access: "admin",
      summary: "The backups that there are, newest first.",
      response: z.object({ backups: z.array(backupView) }),
      handle: async () => ({ backups: await backups.list() }),
    }),
    defineRoute({
      method: "post",
      path: "/backups",
      access: "admin",
      summary: "Make a backup of the whole house now, while it runs.",
      response: backupView,
      status: 201,
      errors: ["BACKUP_FAILED"],
      async handle({ actor }) {
        const made = await backups.make();
        tell(actor, "backup-made", "A backup of the house was made.", made.id);
        return made;
      },
    }),
    defineRoute({
      method: "get",
      path: "/backups/{id}",
      access: "admin",
      summary: "The backup itself. It holds every secret of the house: keep it as such.",
      params,
      produces: "application/gzip",
      errors: ["BACKUP_UNKNOWN"],
      async handle({ actor, params: { id }, res }) {
        const file = await backups.fileOf(id);
        tell(actor, "backup-taken", "A backup of the house was downloaded.", id);
        // `dotfiles`: the data directory itself may lie below a folder with a dot.
        res.type("application/gzip").attachment(id).sendFile(file, { dotfiles: "allow" });
        return ANSWERED;
      },
    }),
    defineRoute({
      method: "delete",
      path: "/backups/{id}",
      access: "admin",
      summary: "Remove a backup.",
      params,
      errors: ["BACKUP_UNKNOWN"],
      async handle({ actor, params: { id } }) {
        await backups.remove(id);
        tell(actor, "backup-removed", "A backup of the house was removed.", id);
      },
    }),
  ];
}
