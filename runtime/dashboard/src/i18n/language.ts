import { signal } from "@preact/signals";
import type { AccountView } from "@skein/contracts";

/** In which language the page speaks: the account's own setting, else the browser's, else English. */
export type Language = NonNullable<AccountView["language"]>;

export const LANGUAGES: readonly Language[] = ["en", "de"];
/** What each calls itself. */
export const languageNames: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };

/** Read by every word on the page: what shows words is drawn anew when it changes. */
export const language = signal<Language>(preferred(navigator.languages ?? []));

/** The first of a browser's languages that we speak. */
export function preferred(wanted: readonly string[]): Language {
  const known = wanted.map((tag) => tag.slice(0, 2).toLowerCase());
  return known.map((tag) => LANGUAGES.find((each) => each === tag)).find((each) => each !== undefined) ?? "en";
}

/** An account's language wins over the browser's; without one the browser's holds again. */
export function speak(chosen: Language | undefined): void {
  language.value = chosen ?? preferred(navigator.languages ?? []);
}
