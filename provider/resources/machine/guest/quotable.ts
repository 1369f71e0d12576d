/** Forms of secrets, and what is shown in their place. A console and a log may quote the answers. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\$(?:[1567y]|2[abxy]?|gy|md5|sha1)\$[^\s"'<>;,]+/g, "[hidden]"],
  [/(:\/\/)[^/\s@]+@/g, "$1[hidden]@"],
  [/(\brootpw|--(?:pass(?:word|phrase)|iscrypted|plaintext))[ =].*/gi, "$1 [hidden]"],
  [/\b((?:\w+[-_.])?(?:password|passphrase|passwd|secret|token|psk)(?:-\w+)?["']?\s*[:=])\s*\S.*/gi, "$1 [hidden]"],
  [/(<[\w:]*(?:password|passphrase|key|secret)[^>]*>)[^<]+/gi, "$1[hidden]"],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----.*/g, "[hidden]"],
  [/[A-Za-z0-9+/=]{40,}/g, "[hidden]"],
];

/** A line of a console or a log without what looks like a secret. */
export function quotable(line: string): string {
  return secrets.reduce((text, [secret, shown]) => text.replace(secret, shown), line);
}

/**
 * The lines of a screen that may be shown.
 * @param quotesAnswers the words after which the installer may quote the answers
 */
export function quotableScreen(screen: readonly string[], quotesAnswers: RegExp | undefined): readonly string[] {
  return (quotesAnswers === undefined ? screen : until(screen, quotesAnswers)).map(quotable);
}

function until(screen: readonly string[], words: RegExp): readonly string[] {
  const index = screen.findIndex((line) => words.test(line));
  const found = words.exec(screen[index] ?? "");
  if (found === null) return screen;
  const start = found.input.slice(0, found.index + found[0].length);
  return [...screen.slice(0, index), `${start} [the rest is hidden, because it may quote the answers]`];
}
