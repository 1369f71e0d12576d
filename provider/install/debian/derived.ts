import { netmaskOf, parseCidr } from "../../scalars";
import type { NetworkOptions } from "../shared/network";
import type { SystemOptions } from "../shared/system";
import { isNamed, onOneLine } from "./recipe";
import type { DebianOptions } from "./schema";

/** What the installer asks for in another form than the options have; the table's paths reach it as `derived.…`. */
export function derivedFrom(system: SystemOptions, own: DebianOptions): Readonly<Record<string, unknown>> {
  const { network, mirror, disk, locale } = system;
  return {
    isPlainLocale: locale === "C" || locale.startsWith("C."),
    network: networkParts(network?.interfaces[0]),
    mirror: mirror === undefined ? null : mirrorParts(mirror),
    repositories: own.repositories ?? (mirror === undefined ? ["security", "updates"] : []),
    disk: { device: disk.devices?.[0] ?? null, isLvm: disk.layout === "lvm", method: methods[disk.layout] },
    recipe: { isNamed: isNamed(own.recipe), text: onOneLine(own.recipe) },
    packages: packagesOf(system),
  };
}

const methods = { whole: "regular", lvm: "lvm", encrypted: "crypto", raid1: "raid", custom: "regular" } as const;

/** The installer itself configures the first interface, with one address. */
function networkParts(first: NetworkOptions["interfaces"][number] | undefined) {
  const cidr = first?.addresses[0];
  const [address] = cidr?.split("/") ?? [];
  return {
    interface: first?.name ?? "auto",
    address: address ?? null,
    netmask: cidr === undefined ? null : netmaskOf(parseCidr(cidr)?.prefix ?? 32),
    gateway: first?.gateway ?? "",
    nameservers: first?.dns ?? [],
  };
}

function mirrorParts(mirror: string) {
  const { protocol, host, pathname } = new URL(mirror);
  return { protocol: protocol.slice(0, -1), host, directory: pathname.replace(/(.)\/+$/, "$1") };
}

/** dbus: without it logind doesn't start, and a request to power off is never answered. */
function packagesOf({ packages, users }: SystemOptions): readonly string[] {
  const sudo = users.some((user) => user.sudo !== false) ? ["sudo"] : [];
  return [...new Set(["dbus", ...sudo, ...packages])];
}
