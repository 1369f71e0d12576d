import { publicHostKeys } from "./host-keys";
import { ansibleUser } from "./managers/ansible";
import type { SystemOptions } from "./system";

/** How to reach what was installed. No secrets. */
export interface Login {
  /** The account that can log in by SSH; undefined if the answers give none a key or a password for it. */
  readonly login?: string;
  /** Public SSH host keys as in known_hosts, without a host: `ssh-ed25519 AAAA…`. */
  readonly hostKeys: readonly string[];
}

/** @param template the user's own: it may create accounts that no option names, so root counts if no option names one */
export function loginOf(system: SystemOptions, template?: string): Login {
  const login = accountOf(system) ?? (template === undefined ? undefined : "root");
  return { ...(login === undefined ? {} : { login }), hostKeys: publicHostKeys(system.hostKeys) };
}

/** sshd lets root in by key alone; the password of root is for the console, and for `su`. */
function accountOf({ handOver, rootKeys, users }: SystemOptions): string | undefined {
  if (handOver?.ansible !== undefined) return ansibleUser(handOver.ansible, { rootKeys, users });
  if (rootKeys.length > 0) return "root";
  return users.find(({ keys, password }) => keys.length > 0 || password !== undefined)?.name;
}
