import { access, constants } from "node:fs/promises";
import { join } from "node:path";

/** A login without the administrator's directories on its path (su without "-") still finds their programs. */
export const SEARCH_PATH = [
  process.env["PATH"] ?? "",
  "/usr/local/sbin",
  "/usr/sbin",
  "/sbin",
  "/usr/bin",
  "/bin",
].join(":");

async function isInstalled(program: string): Promise<boolean> {
  const tries = SEARCH_PATH.split(":").map((directory) => access(join(directory || ".", program), constants.X_OK));
  return Promise.any(tries).then(
    () => true,
    () => false,
  );
}

/** Fails with the Debian packages to install when programs are missing; packageOf: program -> its package. */
export async function requirePrograms(purpose: string, packageOf: Readonly<Record<string, string>>): Promise<void> {
  const names = Object.entries(packageOf);
  const installed = await Promise.all(names.map(([program]) => isInstalled(program)));
  const missing = names.filter((_, index) => !installed[index]);
  if (missing.length === 0) return;
  const programs = missing.map(([program]) => program).join(", ");
  const packages = [...new Set(missing.map(([, name]) => name))].join(" ");
  throw new Error(
    `${purpose} needs programs that are not installed: ${programs}; ` +
      `install them by: apt-get install --no-install-recommends ${packages}`,
  );
}
