import { locales } from "./lists.gen";
import { unknownName } from "./unknown";

/** By language and country, with a modifier where there is one: glibc names the character set of some, and of others not. */
const known: ReadonlyMap<string, string> = new Map([
  ["C", "C.UTF-8"],
  ...locales.map((name) => [name.replace(".UTF-8", ""), name] as const),
]);

interface Locale {
  readonly place: string;
  /** Such as `UTF-8`, however it is written; undefined where none is named. */
  readonly charset: string | undefined;
  readonly modifier: string;
}

/** `de_DE`, `de_DE.UTF-8`, `sr_RS.UTF-8@latin`, `C` or `C.UTF-8`. */
export function isLocale(text: string): boolean {
  const locale = partsOf(text);
  return locale !== undefined && isUtf8(locale) && known.has(keyOf(locale));
}

/** By glibc's own name, which all distributions know. Without a character set, all but C are in UTF-8 as well. */
export function localeOf(text: string): string {
  const locale = partsOf(text);
  return locale === undefined || text === "C" ? text : (known.get(keyOf(locale)) ?? text);
}

/** Such as `DE`; undefined for C. */
export function countryOf(text: string): string | undefined {
  return /_([A-Z]{2})/.exec(text)?.[1];
}

/** Whether it names neither a language nor a country. */
export function isPlainLocale(text: string): boolean {
  return partsOf(text)?.place === "C";
}

export function unknownLocale(text: string): string {
  const locale = partsOf(text);
  const isOther = locale !== undefined && !isUtf8(locale);
  const what = isOther ? "a locale in UTF-8, the one character set that all installers know" : "a locale";
  return unknownName(text, what, locales, 'like "en_US.UTF-8" or "C.UTF-8"');
}

function partsOf(text: string): Locale | undefined {
  const [, place, charset, modifier = ""] =
    /^(C|[a-z]{2,3}_[A-Z]{2})(?:\.([A-Za-z0-9-]+))?(@[a-z]+)?$/.exec(text) ?? [];
  return place === undefined ? undefined : { place, charset, modifier };
}

function keyOf({ place, modifier }: Locale): string {
  return `${place}${modifier}`;
}

function isUtf8({ charset = "UTF-8" }: Locale): boolean {
  return /^utf-?8$/i.test(charset);
}
