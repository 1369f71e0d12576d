import type { FamilyId } from "../family";
import { debianAccounts } from "./lists.gen";

/** Of Red Hat's package setup, and the groups that systemd and others bring with every system. */
const redhatAccounts = [
  ...["root", "bin", "daemon", "adm", "lp", "sync", "shutdown", "halt", "mail", "operator", "games", "ftp", "nobody"],
  ...["sys", "tty", "disk", "mem", "kmem", "wheel", "cdrom", "man", "dialout", "floppy", "tape", "video", "lock"],
  ...["audio", "users", "utmp", "utempter", "input", "kvm", "render", "sgx", "dbus", "sshd", "tss"],
];

/** Of SUSE's packages system-user-… and system-group-…, as far as every system has them. */
const suseAccounts = [
  ...["root", "bin", "daemon", "mail", "man", "messagebus", "nobody", "sshd", "chrony"],
  ...["audio", "cdrom", "dialout", "disk", "input", "kmem", "lock", "lp", "nogroup", "render", "sgx", "shadow"],
  ...["tape", "trusted", "tty", "users", "utmp", "video", "wheel"],
];

/** Users and groups that the new system has by itself: no second account can have such a name. */
export const accountsOf: Readonly<Record<FamilyId, ReadonlySet<string>>> = {
  debian: new Set(debianAccounts),
  ubuntu: new Set(debianAccounts),
  redhat: new Set(redhatAccounts),
  suse: new Set(suseAccounts),
  agama: new Set(suseAccounts),
};
