import { isIP } from "node:net";
import { each } from "../../../resource/known";
import type { Report } from "../../../resource/rules";
import { addressingOf, isIpv4, isOnLinkOnly } from "../links";
import type { SystemOptions } from "../system";
import { earlyInterface, hasOwnNetwork } from "./early-network";
import { usesTang } from "./options";

/** For installers and releases without clevis, and without a way of their own. */
export function refuseUnlock({ disk }: SystemOptions, reason: string, report: Report): void {
  if (disk.unlock !== undefined) report(["disk", "unlock"], reason);
}

const remedy = "or say how by an `ip=` among `system.kernelArguments`, as the kernel's documentation describes it";

/**
 * What the initial RAM disk can't do to reach a Tang server.
 * @param has6 whether it can have an address of IPv6
 */
export function refuseEarlyNetwork(system: SystemOptions, { has6 }: { readonly has6: boolean }, report: Report): void {
  if (!usesTang(system.disk) || system.network === undefined || hasOwnNetwork(system)) return;
  const { interfaces } = system.network;
  const one = earlyInterface(system);
  const refuse = (reason: string) => report(["disk", "unlock", "tang"], `${reason}, ${remedy}`);
  if (one === undefined) {
    refuse(
      "can't be reached before the disk is open, when there are no bonds, bridges and VLANs: name an interface that is a network card and has an address",
    );
    return;
  }
  const { addresses, gateway, name, mac } = one;
  const own = addresses.find(isIpv4);
  if (addressingOf(one, interfaces).ipv4 === "none" && !has6)
    refuse(
      "can't be reached before the disk is open by IPv6, which initramfs-tools doesn't know: give an address of IPv4",
    );
  if (own !== undefined && gateway !== undefined && isOnLinkOnly(gateway, [own]))
    refuse(`can't be reached before the disk is open: the gateway ${gateway} is outside of ${own}; give one within`);
  if (name !== undefined && mac !== undefined)
    refuse(
      "can't be reached before the disk is open by a card that gets another name later: give its `name` or its `mac`",
    );
}

/** Where the initial RAM disk knows no name servers. */
export function refuseNamesOfTang({ disk }: SystemOptions, title: string, report: Report): void {
  each(disk.unlock?.tang ?? [], ({ url }, index) => {
    if (isIP(new URL(url).hostname.replace(/^\[|\]$/g, "")) === 0)
      report(
        ["disk", "unlock", "tang", index, "url"],
        `names a host, and ${title} asks no name server before the disk is open; give the server's address`,
      );
  });
}
