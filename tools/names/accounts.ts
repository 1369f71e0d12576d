/** The names of users and groups that every system of the distribution has. @param files as /etc/passwd and /etc/group */
export function accountsOf(...files: readonly string[]): string[] {
  const names = files.flatMap((text) => text.split("\n").map((line) => line.split(":", 1)[0] ?? ""));
  return [...new Set(names)].filter((name) => name !== "").sort();
}
