/** What core must be able to read when it starts: the doctor looks at the very same. */
import { join } from "node:path";
import { checkDocument, type DocumentKind } from "@skein/kit";
import type { z } from "zod";
import { answersDocument } from "./api/once";
import { accountsDocument } from "./auth/accounts";
import { sessionsDocument } from "./auth/sessions";
import { tokensDocument } from "./auth/tokens";
import { credentialsDocument } from "./devices/credentials";
import { devicesDocument } from "./devices/document";
import { readEpoch } from "./fleet/epoch";
import { snapshotsDocument } from "./flows/snapshots";
import { hooksDocument } from "./hooks/open-hooks";
import { pushDocument } from "./notices/channels/push-subscriptions";
import { noticesDocument } from "./notices/store";
import { privacyDocument } from "./privacy/privacy";
import { registryDocument } from "./registry/house-registry";

export const DOCUMENTS: readonly DocumentKind<z.ZodType>[] = [
  accountsDocument,
  answersDocument,
  credentialsDocument,
  devicesDocument,
  hooksDocument,
  noticesDocument,
  privacyDocument,
  pushDocument,
  registryDocument,
  sessionsDocument,
  snapshotsDocument,
  tokensDocument,
];

/** A look at each in core's own folder, by name; one that cannot be read throws what core would throw. */
export const documentChecks = (dir: string): Readonly<Record<string, () => void>> => ({
  epoch: () => void readEpoch(join(dir, "epoch")),
  ...Object.fromEntries(DOCUMENTS.map((kind) => [kind.name, () => checkDocument(join(dir, kind.name), kind)])),
});
