// Users and groups that a new system has by itself: no second account can have such a name. Debian's are in a list of its own.

/** Of Red Hat's package setup, and the groups that systemd and others bring with every system. */
export const redhatAccounts: readonly string[] = [
  ...["root", "bin", "daemon", "adm", "lp", "sync", "shutdown", "halt", "mail", "operator", "games", "ftp", "nobody"],
  ...["sys", "tty", "disk", "mem", "kmem", "wheel", "cdrom", "man", "dialout", "floppy", "tape", "video", "lock"],
  ...["audio", "users", "utmp", "utempter", "input", "kvm", "render", "sgx", "dbus", "sshd", "tss"],
];

/** Of SUSE's packages system-user-… and system-group-…, as far as every system has them. */
export const suseAccounts: readonly string[] = [
  ...["root", "bin", "daemon", "mail", "man", "messagebus", "nobody", "sshd", "chrony"],
  ...["audio", "cdrom", "dialout", "disk", "input", "kmem", "lock", "lp", "nogroup", "render", "sgx", "shadow"],
  ...["tape", "trusted", "tty", "users", "utmp", "video", "wheel"],
];
