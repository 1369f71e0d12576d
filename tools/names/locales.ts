/** The names of glibc's locales in UTF-8; some have it in their name, and some don't: `de_DE.UTF-8`, `am_ET`, `sr_RS@latin`. */
export function localesOf(supported: string): string[] {
  return supported.split("\n").flatMap((line) => /^([a-z]+_[A-Z]+\S*) UTF-8$/.exec(line)?.slice(1) ?? []);
}
