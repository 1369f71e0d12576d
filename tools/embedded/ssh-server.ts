/** An embedded libvirtd as another computer: reached by ssh alone, and with data of kvm-deploy that is its own. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { EmbeddedLibvirt } from "./index";

export interface SshServer {
  /** The connection URI. */
  readonly uri: string;
  /** The keys, settings and known hosts; see `files`. */
  readonly directory: string;
  /** The number of logins so far. */
  logins(): Promise<number>;
}

const unpacked = resolve(__dirname, "../../.cache/openssh-server/usr");
const execute = promisify(execFile);

/** The name of the host in known_hosts; it has no address. */
export const sshHost = "kvm-host";

export function hasSshServer(): boolean {
  return existsSync("/usr/sbin/sshd") || existsSync(join(unpacked, "sbin/sshd"));
}

/** It ends with the libvirtd. */
export async function serveSsh({ stateDir, inside }: EmbeddedLibvirt): Promise<SshServer> {
  const directory = join(stateDir, "ssh");
  await mkdir(directory);
  const at = (name: string) => join(directory, name);
  for (const key of ["login", "host"]) await execute("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", at(key)]);
  const hostKey = await readFile(at("host.pub"), "utf8");
  await writeFile(at("known_hosts"), `${sshHost} ${hostKey}`);
  await writeFile(at("sshd_config"), lines(serverSettings(at)));
  await writeFile(at("ssh_config"), lines(clientSettings(at, inside)));
  await writeFile(at("ssh"), `#!/bin/sh\nexec ssh -F ${at("ssh_config")} "$@"\n`);
  await chmod(at("ssh"), 0o755);
  await writeFile(at("logins"), "");
  const [enter = "", ...args] = inside;
  await execute(enter, [...args, "sh", join(__dirname, "ssh-server.sh"), stateDir, unpacked]);
  return {
    uri: `qemu+ssh://root@${sshHost}/system?command=${at("ssh")}`,
    directory,
    logins: async () => (await readFile(at("logins"), "utf8")).length,
  };
}

type At = (name: string) => string;

function serverSettings(at: At): string[] {
  return [
    `HostKey ${at("host")}`,
    `AuthorizedKeysFile ${at("login.pub")}`,
    "UsePAM no",
    "StrictModes no",
    "PidFile none",
    "PermitRootLogin prohibit-password",
  ];
}

/** The server reads a connection's bytes from its input: no network has to be shared. */
function clientSettings(at: At, inside: readonly string[]): string[] {
  const server = ["/usr/sbin/sshd", "-i", "-f", at("sshd_config")];
  return [
    `IdentityFile ${at("login")}`,
    "IdentitiesOnly yes",
    `UserKnownHostsFile ${at("known_hosts")}`,
    "GlobalKnownHostsFile /dev/null",
    `ProxyCommand sh -c 'printf . >> ${at("logins")}; exec ${[...inside, ...server].join(" ")}'`,
  ];
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}
