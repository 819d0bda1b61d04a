import { z } from "zod";
import { isId } from "../define-message";
import { role, scope } from "./access";

const ms = z.number();
export const idText = z.string().refine(isId, "must be an id: a-z, 0-9 and -, 63 at most");
/** In what a house is spoken to. */
export const languageCode = z.enum(["en", "de"]);
/** 10 characters at least (NIST SP 800-63B asks for 8, OWASP for 10 without a second factor); up to 200. */
export const newPassword = z.string().min(10).max(200);

/** Somebody who may log in. */
export const accountView = z.object({
  id: idText,
  name: z.string(),
  role,
  /** False after the set-up link, until a password is chosen. */
  hasPassword: z.boolean(),
  createdAt: ms,
  lastLoginAt: ms.optional(),
  /** The resident who this is, if any. */
  resident: idText.optional(),
  language: languageCode.optional(),
});
export type AccountView = z.output<typeof accountView>;

export const accountCreate = z.strictObject({
  /** Made from the name when left out. */
  id: idText.optional(),
  name: z.string().trim().min(1).max(100),
  role,
  password: newPassword.optional(),
  resident: idText.optional(),
});
export const accountPatch = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  role: role.optional(),
  resident: idText.nullable().optional(),
  /** Null: as the browser says. */
  language: languageCode.nullable().optional(),
});
export const passwordChange = z.strictObject({
  /** Not asked of an admin who gives somebody else a new one, nor of an account that has none yet. */
  old: z.string().max(200).optional(),
  new: newPassword,
});

export const loginBody = z.strictObject({
  /** The account's id; case and spaces around it do not matter. */
  account: z.string().trim().toLowerCase().min(1).max(100),
  password: z.string().min(1).max(200),
});
/** What the set-up link bears; it works once. */
export const setupBody = z.strictObject({ token: z.string().min(1).max(200) });

/** Who is asking, as the leader sees it. */
export const meView = z.object({
  account: accountView,
  /** `session`: a browser; `token`: a program. */
  by: z.enum(["session", "token"]),
  /** A session begun by a set-up or login link: one new password may be chosen without telling the old one. */
  byLink: z.boolean().optional(),
  scopes: z.array(scope),
});
export type MeView = z.output<typeof meView>;

/** A browser that is logged in. */
export const sessionView = z.object({
  id: z.string(),
  createdAt: ms,
  lastSeenAt: ms,
  address: z.string(),
  /** The browser's own words, shortened. */
  agent: z.string(),
  /** The one that asks. */
  current: z.boolean(),
});
export type SessionView = z.output<typeof sessionView>;

export const tokenView = z.object({
  id: z.string(),
  name: z.string(),
  account: idText,
  scopes: z.array(scope),
  createdAt: ms,
  expiresAt: ms.optional(),
  lastUsedAt: ms.optional(),
});
export type TokenView = z.output<typeof tokenView>;
export const tokenCreate = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(scope).min(1),
  /** Days until it is worth nothing; left out: a year. */
  days: z.int().min(1).max(3650).default(365),
});
/** The only time the token itself is shown. */
export const tokenCreated = z.object({
  token: z.string(),
  view: tokenView,
  /** For a phone's camera: an SVG of `<address>/#token=...`. */
  qrSvg: z.string(),
});
