import * as pulumi from "@pulumi/pulumi";
import * as kvm from "kvm-deploy";

const config = new pulumi.Config();
const hostKey = config.getSecret("hostKey");

const lab = new kvm.Network("lab", {
  mode: "nat",
  domain: { name: "lab.example" },
  ipv4: { subnet: "172.16.1.0/24", dhcp: { ranges: [{ start: "172.16.1.100", end: "172.16.1.200" }] } },
});

const root = new kvm.Volume("web-root", { pool: config.get("pool") ?? "default", size: "4GiB" });

const installer = new kvm.InstallerIso("web-installer", {
  source: config.requireObject<kvm.InstallerIsoSourceArgs>("source"),
  system: {
    hostname: "web",
    domain: "lab.example",
    rootKeys: [config.require("rootKey")],
    // Without a key, one of each kind is made.
    hostKeys: hostKey === undefined ? {} : { ed25519: hostKey },
    network: { interfaces: [{ addresses: ["172.16.1.10/24"], gateway: "172.16.1.1", dns: ["172.16.1.1"] }] },
    packages: ["openssh-server"],
    // What this site adds, such as a mirror or a proxy.
    ...config.getObject<kvm.InstallerIsoSystemArgs>("system"),
  },
  debian: config.getObject<kvm.InstallerIsoDebianArgs>("debian") ?? {},
});

const web = new kvm.Machine("web", {
  memory: "1GiB",
  vcpus: config.getNumber("vcpus") ?? 2,
  firmware: config.get<"bios" | "uefi">("firmware") ?? "uefi",
  disks: [{ volume: root.id, ...config.getObject<Partial<kvm.MachineDiskArgs>>("disk") }],
  nics: [{ network: lab.name, address: "172.16.1.10" }],
  installer: installer.id,
  wait: "ssh",
});

export const ssh = web.sshCommand;
export const inventory = web.ansibleInventory;
export const knownHosts = web.knownHosts;
export const release = web.release;
