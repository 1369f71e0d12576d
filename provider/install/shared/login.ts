import { publicHostKeys } from "./host-keys";
import { ansibleUser } from "./managers/ansible";
import type { SystemOptions } from "./system";

/** How to reach what was installed. No secrets. */
export interface Login {
  /** The account that the answers give a key or a password to. */
  readonly login: string;
  /** Public SSH host keys as in known_hosts, without a host: `ssh-ed25519 AAAA…`. */
  readonly hostKeys: readonly string[];
}

/** sshd lets root in by key alone; the password of root is for the console, and for `su`. */
export function loginOf(system: SystemOptions): Login {
  return { login: accountOf(system), hostKeys: publicHostKeys(system.hostKeys) };
}

function accountOf({ handOver, rootKeys, users }: SystemOptions): string {
  if (handOver?.ansible !== undefined) return ansibleUser(handOver.ansible, { rootKeys, users });
  if (rootKeys.length > 0) return "root";
  return users.find(({ keys, password }) => keys.length > 0 || password !== undefined)?.name ?? "root";
}
