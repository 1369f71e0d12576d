/** An upstream resource that is made anew by another `when`, while its value `out` stays the same. */
export const late = `
  class Late extends pulumi.CustomResource {
    constructor(name, value, when) {
      super("pulumi-nodejs:dynamic/test:Late", name, { value, when, out: undefined, __provider: \`exports.handler = () => ({
        check: async (_olds, news) => ({ inputs: news }),
        diff: async (_id, olds, news) => ({
          changes: olds.when !== news.when, replaces: olds.when === news.when ? [] : ["when"], deleteBeforeReplace: true,
        }),
        create: async (inputs) => ({ id: "late", outs: { ...inputs, out: inputs.value } }),
        delete: async () => undefined,
      });\` });
    }
  }
`;

/** One network, one volume and one machine that boots nothing, as the body of a test program. */
export interface SmallSite {
  readonly dhcpHosts?: string;
  readonly rangeEnd?: string;
  readonly size?: string;
  readonly memory?: string;
  readonly firmware?: string;
  readonly more?: string;
}

/** @param name tells the test's things apart from another test's @param net third part of the subnet 10.250.x.0/24 */
export function smallSite(name: string, net: number, site: SmallSite = {}): string {
  const { dhcpHosts = "[]", rangeEnd = "200", size = "64MiB", memory = "64MiB", firmware = "bios", more = "" } = site;
  return `
    const network = new kvm.Network("${name}-net", {
      domain: { name: "${name}.test" },
      ipv4: {
        subnet: "10.250.${net}.0/24",
        dhcp: { ranges: [{ start: "10.250.${net}.100", end: "10.250.${net}.${rangeEnd}" }], hosts: ${dhcpHosts} },
      },
    });
    const volume = new kvm.Volume("${name}-root", { size: "${size}" });
    const machine = new kvm.Machine("${name}", {
      memory: "${memory}", firmware: "${firmware}", shutdownTimeout: "1s",
      disks: [{ volume: volume.id }], nics: [{ network: network.name, address: "10.250.${net}.10" }], ${more}
    });
    Object.assign(exports, { uuid: machine.uuid, addresses: machine.addresses, ssh: machine.sshCommand, macs: machine.macAddresses, bridge: network.bridgeName });
  `;
}
