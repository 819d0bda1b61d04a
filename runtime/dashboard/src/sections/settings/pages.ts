import { account } from "./account";
import { backups } from "./backups";
import { boards } from "./boards";
import { care } from "./care";
import { notices } from "./notices";
import { people } from "./people";
import { residents } from "./residents";
import { rooms } from "./rooms";
import { sessions } from "./sessions";
import type { SettingsPage } from "./settings-page";
import { tokens } from "./tokens";

/** The settings' pages, in order: one's own first, then the house's. */
export const pages: readonly SettingsPage[] = [
  account,
  sessions,
  tokens,
  residents,
  rooms,
  people,
  boards,
  notices,
  backups,
  care,
];
