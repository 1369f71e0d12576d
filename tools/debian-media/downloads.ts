import { homedir } from "node:os";
import { join } from "node:path";

/** Debian's packages; shared by all clones of one user, so that a fresh clone need not download everything again. */
export function downloadFolder(): string {
  const caches = process.env["XDG_CACHE_HOME"];
  return join(caches ? caches : join(homedir(), ".cache"), "kvm-deploy/debian-media");
}
