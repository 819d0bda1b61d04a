import { language, type Language } from "./language";

/**
 * A part's words in every language, beside the part. The English list is the model: the compiler says which entry another one
 * lacks. An entry is a text, or a function that makes one of figures and names, so that each language has its own order of words.
 * (No library: a message format would be parsed at run time for what a function of the language says.)
 */
export function defineWords<W extends object>(lists: { readonly en: W } & Record<Exclude<Language, "en">, NoInfer<W>>) {
  const all: Readonly<Record<Language, W>> = lists;
  /** The list in the page's present language. */
  return (): W => all[language.value];
}

const rules = new Map<Language, Intl.PluralRules>();

/** The form that a number takes in a language: `plural("en", n, { one: "follower", other: "followers" })`. */
export function plural(
  of: Language,
  count: number,
  forms: Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string },
): string {
  const rule = rules.get(of) ?? new Intl.PluralRules(of);
  rules.set(of, rule);
  return forms[rule.select(count)] ?? forms.other;
}
