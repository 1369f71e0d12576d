import { type ErrorCode, KvmError, lastLines } from "../../values/errors";
import { canonicalRemote, type RemoteTarget } from "../../values/remote-connection";
import { commandLine } from "./quote";
import { interactiveArguments } from "./ssh-arguments";

interface Meaning {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  /** May contain the groups of the pattern: $1. */
  readonly what: string;
  readonly remedy: (target: RemoteTarget) => string;
}

/** Of ssh's messages. The first one that matches counts. */
const meanings: readonly Meaning[] = [
  {
    pattern: /Permission denied \((.*)\)/,
    code: "forbidden",
    what: "the host refuses the login (it allows: $1)",
    remedy: (target) =>
      `Load your key into the ssh agent (ssh-add), or name it (keyfile=PATH in the connection, IdentityFile in ~/.ssh/config), and add its public key to ~/.ssh/authorized_keys of ${target.user ?? "the user"} on the host. Check it by: ${loginCommand(target)}`,
  },
  {
    pattern: /Too many authentication failures/,
    code: "forbidden",
    what: "the host refuses the login after too many keys of the ssh agent",
    remedy: () => "Name the key in ~/.ssh/config (IdentityFile, with IdentitiesOnly yes)",
  },
  {
    pattern: /Could not resolve hostname (\S+?):/,
    code: "unreachable",
    what: "the name $1 has no address",
    remedy: () => "Correct the name, or add it to ~/.ssh/config (Host, HostName)",
  },
  {
    pattern: /(Connection refused|No route to host|Network is unreachable|Connection timed out|Operation timed out)/,
    code: "unreachable",
    what: "the host does not answer: $1",
    remedy: () => "Check that it runs, that its SSH server runs (systemctl status ssh), and the address and the port",
  },
  {
    pattern: /(?:kex_exchange_identification|Connection (?:closed|reset) by)/,
    code: "unreachable",
    what: "the host's SSH server closed the connection before the login",
    remedy: () => "Check that it accepts logins from here (its log, and MaxStartups in sshd_config), and run it again",
  },
];

/** @param said what ssh has printed @param probed what ssh has printed about the server's key, if that was refused */
export function loginFailure(target: RemoteTarget, said: string, probed: string): KvmError {
  if (isKeyRefused(said)) return keyRefusal(target, said, probed);
  const meaning = meanings.find(({ pattern }) => pattern.test(said));
  const found = meaning?.pattern.exec(said);
  if (meaning === undefined || found == null) {
    const words = lastLines(said, 3);
    return failure(
      target,
      "unreachable",
      `ssh has ended${words === "" ? "" : `: ${words}`}`,
      `Check it by: ${loginCommand(target)}`,
    );
  }
  return failure(target, meaning.code, meaning.what.replace("$1", found[1] ?? ""), meaning.remedy(target));
}

export function isKeyRefused(said: string): boolean {
  return /Host key verification failed|host key is known for/.test(said);
}

/** A changed key may be an attack, so the old one must be removed by hand. */
function keyRefusal(target: RemoteTarget, said: string, probed: string): KvmError {
  const [, type = "", fingerprint = ""] = /Server host key: (\S+) (\S+)(?![\s\S]*Server host key:)/.exec(probed) ?? [];
  const key = type === "" ? "" : `: ${type} ${fingerprint}`;
  const compare = "Compare it with the output of `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on the host";
  const accept = `accept it by: ${loginCommand(target)}`;
  if (!/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(said))
    return failure(
      target,
      "forbidden",
      `its host key is not known${key}`,
      `${compare} (of the same type), and ${accept}`,
    );
  const [, file = "~/.ssh/known_hosts"] = /Offending \S+ key in ([^\n]+?):\d+/.exec(said) ?? [];
  const name = target.port === undefined || target.port === 22 ? target.host : `[${target.host}]:${target.port}`;
  const remove = commandLine("ssh-keygen", ["-f", file, "-R", name]);
  return failure(
    target,
    "forbidden",
    `its host key has changed${key}. Another machine may answer in its place`,
    `${compare} (of the same type). Only if they are the same, remove the old key by: ${remove}, and ${accept}`,
  );
}

function failure(target: RemoteTarget, code: ErrorCode, what: string, remedy: string): KvmError {
  return new KvmError(code, `${canonicalRemote(target)} can't be reached by SSH: ${what}`, {
    property: "connection",
    remedy,
  });
}

/** The way of a user to see and mend it: there, ssh asks. */
function loginCommand(target: RemoteTarget): string {
  const [program = "ssh", ...args] = [target.program, ...interactiveArguments(target, "true")].map((word) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`,
  );
  return [program, ...args].join(" ");
}
