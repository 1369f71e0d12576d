import { throughHost } from "../../../values/remote-connection";

/** Lines for a known_hosts file. */
export function knownHostsOf(addresses: readonly string[], hostKeys: readonly string[]): string {
  return addresses.flatMap((address) => hostKeys.map((key) => `${address} ${key}\n`)).join("");
}

/**
 * A complete login command. It contains the host key, so that no known_hosts file is needed and none can contradict;
 * without a known key, ssh asks the user. None without an address or an account.
 */
export function sshCommandOf(
  address: string | undefined,
  login: string | undefined,
  hostKeys: readonly string[],
  connection: string,
): string | undefined {
  if (address === undefined || login === undefined) return undefined;
  return ["ssh", ...sshOptions(address, hostKeys, connection), `${login}@${address}`].join(" ");
}

/**
 * An inventory of this machine alone, for `ansible-playbook -i FILE`; Ansible reads a directory of such files as one. Like
 * the login command it contains the host key.
 */
export function ansibleInventoryOf(
  name: string,
  address: string | undefined,
  login: string | undefined,
  hostKeys: readonly string[],
  connection: string,
): string | undefined {
  if (address === undefined || login === undefined) return undefined;
  const options = sshOptions(address, hostKeys, connection).join(" ");
  const variables = {
    ansible_host: address,
    ansible_user: login,
    ...(options === "" ? {} : { ansible_ssh_common_args: options }),
  };
  const lines = Object.entries(variables).map(([key, value]) => `      ${key}: ${JSON.stringify(value)}\n`);
  return `all:\n  hosts:\n    ${JSON.stringify(name)}:\n${lines.join("")}`;
}

/** Arguments of ssh in a shell's words. */
function sshOptions(address: string, hostKeys: readonly string[], connection: string): string[] {
  return sshSettings(address, hostKeys, connection).map((setting) => `-o '${setting}'`);
}

/**
 * Settings of ssh that know the way and the host key: they need no known_hosts file, and none can contradict. Without a
 * known host key, there are none for it.
 * @param connection the libvirt connection URI: a machine of another computer is reached through that
 */
export function sshSettings(address: string, hostKeys: readonly string[], connection: string): string[] {
  const key = preferredKey(hostKeys);
  const way = throughHost(connection);
  if (key === undefined) return way;
  return [
    ...way,
    `KnownHostsCommand=/bin/echo ${address} ${key}`,
    "UserKnownHostsFile=/dev/null",
    "GlobalKnownHostsFile=/dev/null",
    "StrictHostKeyChecking=yes",
    `HostKeyAlgorithms=${algorithmsOf(key)}`,
  ];
}

export function preferredKey(hostKeys: readonly string[]): string | undefined {
  return hostKeys.find((key) => key.startsWith("ssh-ed25519 ")) ?? hostKeys[0];
}

export function typeOfKey(key: string): string {
  return key.split(" ")[0] ?? "";
}

/** The signature algorithms of a key type; those of RSA have other names than the key. */
function algorithmsOf(key: string): string {
  const type = typeOfKey(key);
  return type === "ssh-rsa" ? "rsa-sha2-512,rsa-sha2-256" : type;
}

/** Whether the output of ssh-keyscan contains one of the keys; undefined if it contains no key. */
export function offersKey(scan: string, hostKeys: readonly string[]): boolean | undefined {
  const offered = scan
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(" ").slice(1, 3).join(" "));
  if (offered.length === 0) return undefined;
  return hostKeys.length === 0 || hostKeys.some((key) => offered.includes(key.split(" ").slice(0, 2).join(" ")));
}
