import type { Meaning } from "./meaning";

export const connectionFailures: readonly Meaning[] = [
  {
    pattern: /Failed to connect socket to '([^']*virtlogd[^']*)'/,
    code: "unreachable",
    what: "virtlogd, which writes the machines' logs, does not answer at $1",
    remedy: "Start it (systemctl start virtlogd)",
  },
  {
    pattern: /Failed to connect socket to '([^']*)': (?:No such file or directory|Connection refused)/,
    code: "unreachable",
    what: "libvirt does not answer at $1",
    remedy: "Start it (systemctl start libvirtd, or virtqemud and its companions), or correct the connection URI",
    property: "connection",
  },
  {
    pattern: /Failed to connect socket to '[^']*': Permission denied|authentication unavailable|authentication failed/,
    code: "forbidden",
    what: "this user may not use libvirt",
    remedy: "Run as root, or join the group libvirt (usermod -aG libvirt USER) and log in again",
  },
  {
    pattern: /operation forbidden|access denied/,
    code: "forbidden",
    remedy: "Run as root, or ask for the right where the host's libvirt controls access",
  },
  {
    pattern: /unexpected \S+ URI path|no connection driver available/,
    code: "unreachable",
    remedy: 'Correct the connection URI, for example to "qemu:///system"',
    property: "connection",
  },
  {
    pattern: /Host key verification failed/,
    code: "unreachable",
    what: "the host's ssh key is not known",
    remedy: "Connect to it once by ssh and compare the key, so that it is in known_hosts",
  },
  {
    pattern: /Permission denied \(\S*publickey/,
    code: "forbidden",
    what: "the host refuses the ssh login",
    remedy: "Name the key in the connection URI (keyfile=PATH), or load it into the ssh agent (ssh-add)",
  },
  {
    pattern: /kex_exchange_identification|Connection closed by remote host/,
    code: "unreachable",
    what: "the host's ssh server closed the connection: too many logins at a time",
    remedy:
      "Run it again with fewer steps at a time, such as `pulumi up --parallel 4`, or raise MaxStartups in the host's sshd_config",
  },
  {
    pattern: /\bnc: not found/,
    code: "unreachable",
    what: "the host has no nc, which an ssh connection with socket= needs",
    remedy: "Install it there (Debian: apt-get install netcat-openbsd), or leave socket= out of the connection URI",
  },
  {
    pattern: /Cannot recv data|End of file while reading data|client socket is closed|Failed to connect/,
    code: "unreachable",
    remedy: "Check that libvirtd runs, and the connection URI",
  },
];
