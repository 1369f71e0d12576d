import { keyboardOf } from "../shared/names/keyboard";
import { localeOf } from "../shared/names/locale";
import { timeZoneOf } from "../shared/names/time-zone";
import { takenPackages } from "../shared/packages";
import type { SystemOptions } from "../shared/system";
import { netplanOf } from "./network";
import type { UbuntuOptions } from "./schema";

/** Stands for the first disk, which is known when the installer runs; left to itself, that takes the largest one. */
export const firstDisk = "/dev/kvm-deploy-first-disk";

const sshServer = "openssh-server";

/** What the installer asks for in another form than the options have; the table's paths reach it as `derived.…`. */
export function derivedFrom(system: SystemOptions, own: UbuntuOptions): Readonly<Record<string, unknown>> {
  return {
    locale: localeOf(system.locale),
    keyboard: keyboardOf(system.keyboard),
    network: netplanOf(system.network),
    apt: aptOf(system),
    storage: storageOf(system, own),
    // The ISO has this package, so that it needs no archive.
    ssh: { "install-server": system.packages.includes(sshServer), "allow-pw": hasPasswords(system) },
    packages: packagesOf(system),
    userData: { ...userDataOf(system), ...own.userData },
  };
}

function packagesOf(system: SystemOptions): readonly string[] {
  const named = [...system.packages.filter((name) => name !== sshServer), ...system.groups.map(taskOf)];
  return [...named, ...takenPackages(system, "apt").filter((name) => !named.includes(name))];
}

/** Without an archive in reach the packages of the ISO are installed. */
function aptOf({ mirror }: SystemOptions) {
  const places = [{ arches: ["default"], uri: mirror }];
  const archive = mirror === undefined ? {} : { primary: places, security: places };
  return { geoip: false, fallback: "offline-install", ...archive };
}

function storageOf({ disk }: SystemOptions, { storage }: UbuntuOptions) {
  if (disk.layout === "custom") return storage ?? null;
  const match = { path: disk.devices?.[0] ?? firstDisk };
  if (disk.layout === "whole") return { layout: { name: "direct", match } };
  const password = disk.passphrase === undefined ? {} : { password: disk.passphrase };
  return { layout: { name: "lvm", "sizing-policy": "all", ...password, match } };
}

/** As apt-get takes it. */
function taskOf(group: string): string {
  return group.endsWith("^") ? group : `${group}^`;
}

function hasPasswords({ users }: SystemOptions): boolean {
  return users.some(({ password }) => password !== undefined);
}

/** Accounts are made by the hand-over: cloud-init is to make none, and to leave root's keys and the host keys alone. */
function userDataOf(system: SystemOptions) {
  const { hostname = "ubuntu", domain, timezone, ntp } = system;
  return {
    hostname,
    ...(domain === undefined ? {} : { fqdn: `${hostname}.${domain}` }),
    manage_etc_hosts: "localhost",
    timezone: timeZoneOf(timezone),
    // None. An empty list says the same, but cloud-init before 23.2 refuses it.
    users: [[]],
    disable_root: false,
    ssh_pwauth: hasPasswords(system),
    ssh_deletekeys: false,
    ...(Array.isArray(ntp) ? { ntp: { enabled: true, servers: ntp } } : {}),
  };
}
