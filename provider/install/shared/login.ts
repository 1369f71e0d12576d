import { publicHostKeys } from "./host-keys";
import type { SystemOptions } from "./system";

/** How to reach what was installed. No secrets. */
export interface Login {
  /** The account that the answers give a key or a password to. */
  readonly login: string;
  /** Public SSH host keys as in known_hosts, without a host: `ssh-ed25519 AAAA…`. */
  readonly hostKeys: readonly string[];
}

export function loginOf({ rootKeys, rootPassword, users, hostKeys }: SystemOptions): Login {
  const rootMay = rootKeys.length > 0 || rootPassword !== undefined;
  const user = users.find(({ keys, password }) => keys.length > 0 || password !== undefined);
  return { login: rootMay ? "root" : (user?.name ?? "root"), hostKeys: publicHostKeys(hostKeys) };
}
