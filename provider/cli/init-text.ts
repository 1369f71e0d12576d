import { contains, type Cidr, parseCidr, subnetOf } from "../values/ip";

/** The answers to the questions of `init`, and what the host has. */
export interface First {
  readonly machine: string;
  /** A release by name, such as `debian:13`. */
  readonly source: string;
  /** A line of an authorized_keys file. */
  readonly key: string;
  /** First three numbers of the network's subnet. */
  readonly subnet: string;
  readonly hasDefaultPool: boolean;
  /** Whether the host can emulate only. */
  readonly isEmulated: boolean;
}

/** A first configuration: one machine on a network of its own, with a fixed address. */
export function firstConfiguration({ machine, source, key, subnet, hasDefaultPool, isEmulated }: First): string {
  const pools = hasDefaultPool
    ? ""
    : "pools:\n  default: { path: /var/lib/libvirt/images } # the host has no pool of that name yet\n\n";
  const isOfDebian = /^(debian|ubuntu):/.test(source);
  return `# Written by kvm-deploy init. \`kvm-deploy preview\` shows what it does, \`kvm-deploy up\` does it.
# All options: docs/reference of kvm-deploy.

networks:
  ${machine}-net:
    mode: nat
    ipv4: { subnet: ${subnet}.0/24, dhcp: { ranges: [{ start: ${subnet}.100, end: ${subnet}.200 }] } }

${pools}volumes:
  ${machine}-root: { pool: default, size: 10GiB }

installers:
  ${machine}-installer:
    source: ${JSON.stringify(source)}
    system:
      hostname: ${machine}
      rootKeys: [${JSON.stringify(key)}]
      network:
        interfaces: [{ addresses: [${subnet}.10/24], gateway: ${subnet}.1, dns: [${subnet}.1] }]
${isOfDebian ? "      packages: [openssh-server]\n" : ""}
machines:
  ${machine}:
    memory: 2GiB
    vcpus: 2
    disks: [{ volume: ${machine}-root }]
    nics: [{ network: ${machine}-net, address: ${subnet}.10 }]
    installer: ${machine}-installer
    wait: ssh
${isEmulated ? "    domainType: qemu # the host has no KVM: emulation is many times slower\n    installTimeout: 3h\n" : ""}`;
}

/** The first of some subnets that no route and no network of the host overlaps. @param texts with addresses such as 10.0.0.0/8 */
export function freeSubnet(texts: readonly string[]): string {
  const used = texts
    .flatMap((text) => text.match(/\d+\.\d+\.\d+\.\d+(?:\/\d+)?/g) ?? [])
    .flatMap((text) => parseCidr(text.includes("/") ? text : `${text}/24`) ?? [])
    // A default route is no subnet.
    .filter(({ prefix }) => prefix > 0);
  const candidates = Array.from({ length: 100 }, (_, index) => `192.168.${150 + index}`);
  const isFree = (subnet: string) => {
    const cidr = parseCidr(`${subnet}.0/24`);
    return cidr !== undefined && used.every((other) => !meets(cidr, other));
  };
  return candidates.find(isFree) ?? "192.168.150";
}

function meets(one: Cidr, other: Cidr): boolean {
  return contains(subnetOf(one), other) || contains(subnetOf(other), one);
}
