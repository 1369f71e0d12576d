import path from "node:path";
import { hostKeysIn } from "../../install/shared/host-keys";
import { hostKeyKinds } from "../../install/shared/ssh-keys";
import type { SystemOptions } from "../../install/shared/system";
import type { Host } from "../../resource/host";
import { KvmError } from "../../values/errors";
import type { InstallerIsoInputs } from "./schema";

/** The system with the host keys that kvm-deploy made, where the program gives none. */
export function systemOf({
  system,
  madeHostKeys = "",
}: Pick<InstallerIsoInputs, "system" | "madeHostKeys">): SystemOptions {
  return takesMadeKeys(system) ? { ...system, hostKeys: hostKeysIn(madeHostKeys) } : system;
}

/** Whether the program neither gives host keys nor leaves them to the machine. */
export function takesMadeKeys({ hostKeys }: SystemOptions): boolean {
  return hostKeys !== false && hostKeyKinds.every((kind) => hostKeys[kind] === undefined);
}

/** A new private key of each kind, one after the other. The keys are in no argument of a program. */
export function makeHostKeys({ files, run }: Pick<Host, "files" | "run">): Promise<string> {
  return files.withTemporaryDirectory(async (directory) => {
    const keys = hostKeyKinds.map(async (kind) => {
      const file = path.join(directory, kind);
      await run("ssh-keygen", ["-q", "-t", kind, "-N", "", "-C", "", "-f", file]);
      const key = await files.readTextIfPresent(file);
      if (key === undefined) throw new KvmError("command-failed", "ssh-keygen has written no key");
      return key;
    });
    return (await Promise.all(keys)).join("");
  });
}
