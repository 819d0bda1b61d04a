/** API tokens: what a program, a phone's shortcut or Prometheus logs in with. `<dataDir>/core/tokens.json`. */
import { scope, type Scope, type TokenView } from "@skein/contracts";
import { defineDocument, openDocument, SkeinError, type Clock, type IdSource, type Random } from "@skein/kit";
import { z } from "zod";
import { createNote } from "./note-use";
import { digestOf, makeSecret } from "./secrets";

/** So that a token that lies about somewhere can be told to be one of ours. */
export const TOKEN_PREFIX = "skein_";
const MOST_PER_ACCOUNT = 100;

const tokenRecord = z.strictObject({
  id: z.string(),
  name: z.string(),
  account: z.string(),
  digest: z.string(),
  scopes: z.array(scope),
  createdAt: z.number(),
  expiresAt: z.number().optional(),
  lastUsedAt: z.number().optional(),
});
export type Token = z.output<typeof tokenRecord>;
export const tokensDocument = defineDocument({
  name: "tokens.json",
  schema: z.strictObject({ version: z.literal(1), tokens: z.array(tokenRecord) }),
  empty: { version: 1, tokens: [] },
});

export interface Tokens {
  /** `token` is told once. @throws SkeinError TOKENS_TOO_MANY, DOCUMENT_UNWRITABLE */
  create(what: {
    account: string;
    name: string;
    scopes: readonly Scope[];
    days?: number;
  }): Promise<{ token: string; view: TokenView }>;
  /** Of what an `Authorization: Bearer` header bears; noted as used now unless it is only looked at. */
  find(token: string, how?: { readonly noted: boolean }): Token | undefined;
  get(id: string): TokenView | undefined;
  of(account: string): readonly TokenView[];
  /** Takes away those that `which` picks. */
  remove(which: (token: TokenView) => boolean): Promise<void>;
}

/** @throws SkeinError DOCUMENT_UNREADABLE */
export function openTokens(
  path: string,
  parts: { clock: Pick<Clock, "now">; random: Random; ids: IdSource; onChanged?: () => void },
): Tokens {
  const { clock, random, ids } = parts;
  const document = openDocument({ file: path, ...tokensDocument });
  const used = new Map<string, number>();
  const view = ({ digest: _digest, ...token }: Token): TokenView => {
    const lastUsedAt = used.get(token.id) ?? token.lastUsedAt;
    return { ...token, ...(lastUsedAt !== undefined && { lastUsedAt }) };
  };
  const save = async (change: (tokens: readonly Token[]) => readonly Token[]): Promise<void> => {
    await document.update(({ tokens }) => ({
      version: 1,
      tokens: change(tokens).map((token) => ({ ...token, ...view(token), digest: token.digest })),
    }));
    parts.onChanged?.();
  };
  const note = createNote(() => save((tokens) => tokens));
  return {
    async create({ account, name, scopes, days }) {
      const token = TOKEN_PREFIX + makeSecret(random);
      const now = clock.now();
      const record: Token = {
        id: ids(),
        name,
        account,
        digest: digestOf(token),
        scopes: [...new Set(scopes)],
        createdAt: now,
        ...(days !== undefined && { expiresAt: now + days * 86_400_000 }),
      };
      await save((tokens) => {
        if (tokens.filter((each) => each.account === account).length >= MOST_PER_ACCOUNT)
          throw new SkeinError(
            "TOKENS_TOO_MANY",
            `there are ${MOST_PER_ACCOUNT} tokens already; take some away first.`,
          );
        return [...tokens, record];
      });
      return { token, view: view(record) };
    },
    find(token, { noted } = { noted: true }) {
      if (!token.startsWith(TOKEN_PREFIX)) return undefined;
      const digest = digestOf(token);
      const found = document.value.tokens.find((each) => each.digest === digest);
      const now = clock.now();
      if (!found || (found.expiresAt !== undefined && found.expiresAt <= now)) return undefined;
      if (!noted) return found;
      used.set(found.id, now);
      note(found.lastUsedAt ?? -Infinity, now);
      return found;
    },
    get: (id) => document.value.tokens.filter((token) => token.id === id).map(view)[0],
    of: (account) => document.value.tokens.filter((token) => token.account === account).map(view),
    async remove(which) {
      if (document.value.tokens.map(view).some(which))
        await save((tokens) => tokens.filter((token) => !which(view(token))));
    },
  };
}
