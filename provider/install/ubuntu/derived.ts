import { keyboardOf } from "../shared/names/keyboard";
import { localeOf } from "../shared/names/locale";
import { timeZoneOf } from "../shared/names/time-zone";
import { takenPackages } from "../shared/packages";
import type { SystemOptions } from "../shared/system";
import { netplanOf } from "./network";
import type { UbuntuOptions } from "./schema";
import { storageOf } from "./storage";

const sshServer = "openssh-server";

/** What the installer asks for in another form than the options have; the table's paths reach it as `derived.…`. */
export function derivedFrom(system: SystemOptions, own: UbuntuOptions): Readonly<Record<string, unknown>> {
  return {
    locale: localeOf(system.locale),
    keyboard: keyboardOf(system.keyboard),
    network: netplanOf(system.network),
    apt: aptOf(system),
    storage: system.disk.layout === "custom" ? (own.storage ?? null) : storageOf(system.disk),
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
