const unreleased = /^## Unreleased$/m;

/**
 * The changelog in which what was unreleased is a release.
 * @param date such as 2026-12-01
 * @throws an error if nothing is unreleased
 */
export function datedChangelog(changelog: string, version: string, date: string): string {
  if (!unreleased.test(changelog))
    throw new Error("CHANGELOG.md has no section `## Unreleased`; write what has changed for users, and commit it");
  return changelog.replace(unreleased, `## ${version} (${date})`);
}
