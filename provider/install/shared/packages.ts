import type { SystemUser } from "./accounts";
import { managerPackages } from "./managers/index";
import type { SystemOptions } from "./system";

/** How the family's distributions name packages. */
interface Names {
  /** What keeps the time by NTP. */
  readonly timeService: string;
  readonly kind: "apt" | "rpm";
}

/** The packages that the options need on the new system. */
export function neededPackages(system: SystemOptions, { timeService, kind }: Names): readonly string[] {
  const { users, ntp } = system;
  const sudo = users.some((user) => user.sudo !== false) ? ["sudo"] : [];
  return [...sudo, ...(Array.isArray(ntp) ? [timeService] : []), ...takenPackages(system, kind)];
}

/** Those that no distribution has from the start. */
export function takenPackages({ users, handOver }: SystemOptions, kind: Names["kind"]): readonly string[] {
  return [...users.flatMap(shellPackage), ...managerPackages(handOver, kind)];
}

/** The shells that have a package of the same name in each distribution. */
const packagedShells: readonly string[] = ["fish", "tcsh", "zsh"];

function shellPackage({ shell = "" }: SystemUser): readonly string[] {
  return packagedShells.filter((name) => shell.endsWith(`/${name}`));
}
