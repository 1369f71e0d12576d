import { stringify } from "yaml";
import type { Firmware, Medium } from "./options";
import { type AcceptSite, gateway } from "./site";

/** One installation: what, and how it boots. */
export interface Case {
  readonly medium: Medium;
  readonly firmware: Firmware;
}

export const address = gateway.replace(/1$/, "10");
export const hostname = "kvm-deploy-accept";
export const domain = "accept.example";
/** The hash of a password that nobody knows. */
export const passwordHash =
  "$6$kvmdeployaccept$AeLTSEeQ33JGE8DmIAX4O5PBlJYKagaxEBg3p1IBYENT.EInYqLmNAJ2w4CtvRc6Z9TaU4Pk5/KBKOzQbz2mx.";

/** The configuration of one case, with options that `facts.ts` verifies inside. */
export function configurationOf({ medium, firmware }: Case, site: AcceptSite, memory: string, key: string): string {
  const { kernelArguments, ...system } = site.system;
  return stringify({
    networks: {
      [hostname]: {
        mode: "nat",
        domain: { name: domain },
        ipv4: { subnet: `${gateway.replace(/1$/, "0")}/24` },
        dns: { hosts: [{ address: gateway, names: [`host.${domain}`] }] },
      },
    },
    volumes: { [`${hostname}-root`]: { pool: "default", size: "12GiB" } },
    installers: {
      [`${hostname}-installer`]: {
        source: site.sourceOf(medium),
        system: {
          hostname,
          domain,
          keyboard: "us(dvorak)",
          timezone: "Europe/Berlin",
          rootKeys: [key],
          users: [
            {
              name: "operator1",
              fullName: "First Operator",
              password: passwordHash,
              keys: [key],
              groups: ["operators"],
              sudo: "passwordless",
            },
          ],
          network: { interfaces: [{ addresses: [`${address}/24`], gateway, dns: [gateway] }] },
          disk: { layout: "lvm", fileSystem: "ext4" },
          packages: ["openssh-server", "sudo"],
          kernelArguments: ["loglevel=5", ...kernelArguments],
          forwarding: { ipv4: true },
          scripts: {
            before: ["true"],
            after: ["echo after >/etc/kvm-deploy-after"],
            firstBoot: ["echo first-boot >/etc/kvm-deploy-first-boot"],
          },
          ...system,
        },
        ...site.familyOf(medium),
      },
    },
    machines: {
      [hostname]: {
        memory,
        vcpus: site.vcpus,
        firmware: firmware === "bios" ? "bios" : "uefi",
        secureBoot: firmware === "secure",
        disks: [{ volume: `${hostname}-root`, ...site.disk }],
        nics: [{ network: hostname, address }],
        installer: `${hostname}-installer`,
        wait: "ssh",
        installTimeout: "2h",
      },
    },
  });
}
