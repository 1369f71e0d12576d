import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { z } from "zod";
import type { Answers, Family } from "../../provider/install/family";
import { families } from "../../provider/install/index";
import { systemOptions } from "../../provider/install/shared/system";
import { formatPath } from "../../provider/resource/check";
import { root } from "../site";
import { makeKeyPair } from "./shared/keys";
import { makeCertificate, makeRsaPair } from "./shared/rsa";

type System = z.input<typeof systemOptions>;
type Interface = NonNullable<System["network"]>["interfaces"][number];
type User = NonNullable<System["users"]>[number];

/** How an option is given, and what shows that the answers or the files beside them hold it. */
interface Case {
  readonly given: System | ((family: Family) => System);
  /** What the same options are without it. Default: none. */
  readonly without?: System | ((family: Family) => System);
  /** All of these stand somewhere. Default: it is enough that anything differs. */
  readonly shows?: RegExp;
}

const hash = "$6$saltsalt$abcdefghijklmnopqrstuvwxyz0123456789./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst";
const ssh = makeKeyPair("-t", "ed25519");
const keyOf = { ed25519: ssh, rsa: makeKeyPair("-t", "rsa"), ecdsa: makeKeyPair("-t", "ecdsa") };
const base64 = (publicKey: string) => literal(publicKey.split(" ")[1] ?? "");

const rsa = makeRsaPair();
const anchor = makeCertificate(rsa.privateKey, "kvmd");
const repositoryKey = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEaaaa\n-----END PGP PUBLIC KEY BLOCK-----";

/** What Debian and Red Hat have no package of comes from a repository; what apt alone takes is not for the others. */
const source = (family: Family) => ({
  url: "https://packages.example/manager",
  key: repositoryKey,
  ...(["debian", "ubuntu"].includes(family.id) ? { suite: "stable" } : {}),
});
type HandOver = NonNullable<System["handOver"]>;
const handOver = (given: HandOver): System => ({ handOver: given });
const from = (given: HandOver) => (family: Family) => handOver({ ...given, repository: source(family) });
const salt = (given: HandOver["salt"] = {}) => from({ salt: given });
const master = (given: HandOver["salt"] = {}) => salt({ role: "master", ...given });
const puppet = (given: HandOver["puppet"] = {}) => handOver({ puppet: given });
const chefServer = { server: "https://chef.example/organizations/lab", validationKey: rsa.privateKey };
const chef = (given: Partial<HandOver["chef"]> = {}) => from({ chef: { ...chefServer, ...given } });
const ansible = (given: HandOver["ansible"]): System => ({
  ...user({ keys: [ssh.publicKey], sudo: "passwordless" }),
  handOver: { ansible: given },
});

const first: Interface = { name: "enp1s0", addresses: ["172.16.1.10/24"] };
const nic = (change: Partial<Interface>, ...others: readonly Interface[]): System => ({
  network: { interfaces: [{ ...first, ...change }, ...others] },
});
const second = (change: Partial<Interface>): System => nic({}, { name: "enp2s0", ...change });
const user = (change: Partial<User>): System => ({ users: [{ name: "kvmd-ann", ...change }] });
const encrypted: System = { disk: { layout: "encrypted", passphrase: "correct horse" } };
const unlocked = (
  unlock: NonNullable<NonNullable<System["disk"]>["unlock"]>,
  network?: NonNullable<System["network"]>["interfaces"],
): System => ({
  disk: { ...encrypted.disk, unlock },
  ...(network === undefined ? {} : { network: { interfaces: network } }),
});
const tang = { url: "http://tang.example", thumbprint: "A".repeat(43) };

/** A case for each option: a new one without a case is found missing. */
const cases: Readonly<Record<string, Case>> = {
  hostname: { given: { hostname: "websrv" }, shows: /websrv/ },
  domain: { given: { domain: "lab.example" }, shows: /lab\.example/ },
  locale: { given: { locale: "de_DE.UTF-8" }, shows: /de_DE\.UTF-8/ },
  keyboard: { given: { keyboard: "ch(fr)" }, shows: /ch\(fr\)|ch \(fr\)|"layout":"ch","variant":"fr"|french-ch/ },
  timezone: { given: { timezone: "Asia/Tokyo" }, shows: /Asia\/Tokyo/ },
  ntp: { given: { ntp: ["time.example"] }, shows: /time\.example/ },
  rootPassword: { given: { rootPassword: hash }, shows: literal(hash) },
  rootKeys: { given: { rootKeys: [ssh.publicKey] }, shows: base64(ssh.publicKey) },
  "users[].name": { given: user({}), shows: /kvmd-ann/ },
  "users[].fullName": { given: user({ fullName: "Ann Ä." }), shows: /^Ann Ä\.$/m },
  "users[].uid": { given: user({ uid: 2345 }), shows: /^2345$/m },
  "users[].shell": { given: user({ shell: "/usr/bin/zsh" }), shows: /^\/usr\/bin\/zsh$/m },
  "users[].home": { given: user({ home: "/srv/ann" }), shows: /^\/srv\/ann$/m },
  "users[].password": { given: user({ password: hash }), shows: literal(`kvmd-ann:${hash}`) },
  "users[].keys": { given: user({ keys: [ssh.publicKey] }), shows: base64(ssh.publicKey) },
  "users[].groups": { given: user({ groups: ["builders"] }), shows: /^builders$/m },
  "users[].sudo": { given: user({ sudo: "passwordless" }), shows: /^kvmd-ann ALL=\(ALL:ALL\) NOPASSWD: ALL$/m },
  "network.interfaces[].name": { given: nic({ name: "lan0" }), shows: /lan0/ },
  "network.interfaces[].mac": {
    given: { network: { interfaces: [{ mac: "52:54:00:aa:bb:cc" }] } },
    shows: /52:54:00:aa:bb:cc/i,
  },
  "network.interfaces[].addresses": { given: nic({}), shows: /172\.16\.1\.10/ },
  "network.interfaces[].gateway": { given: nic({ gateway: "172.16.1.1" }), shows: /172\.16\.1\.1\b/ },
  "network.interfaces[].gateway6": {
    given: nic({ addresses: ["172.16.1.10/24", "2001:db8::10/64"], gateway6: "2001:db8::1" }),
    shows: /2001:db8::1\b(?!0)/,
  },
  "network.interfaces[].dns": { given: nic({ dns: ["9.9.9.9"] }), shows: /9\.9\.9\.9/ },
  "network.interfaces[].search": { given: nic({ search: ["corp.example"] }), shows: /corp\.example/ },
  "network.interfaces[].vlan.id": {
    given: nic({}, { name: "enp1s0.777", vlan: { id: 777, link: "enp1s0" } }),
    shows: /777/,
  },
  "network.interfaces[].vlan.link": {
    given: nic({ name: "enp9s0" }, { name: "enp9s0.5", vlan: { id: 5, link: "enp9s0" } }),
    shows: /enp9s0/,
  },
  "network.interfaces[].bond.interfaces": {
    given: nic({}, { name: "bond7", bond: { interfaces: ["enp7s0", "enp8s0"] } }),
    shows: /enp7s0[^]*enp8s0/,
  },
  "network.interfaces[].bond.mode": {
    given: nic({}, { name: "bond7", bond: { interfaces: ["enp7s0"], mode: "balance-xor" } }),
    shows: /balance-xor/,
  },
  "network.interfaces[].dhcp4": {
    given: second({ dhcp4: false }),
    without: second({}),
    shows:
      /"dhcp4":false|enp2s0[^\n]* --noipv4|"interface": ?"enp2s0",\s*"method4": ?"disabled"|<bootproto>none<|iface enp2s0 inet manual/,
  },
  "network.interfaces[].acceptRa": {
    given: second({ acceptRa: false }),
    without: second({}),
    shows:
      /"accept-ra":false|method=disabled|"method6": ?"disabled"|enp2s0.accept_ra = 0|echo 0 >[^\n]*enp2s0.accept_ra/,
  },
  "network.interfaces[].mtu": { given: second({ mtu: 8123 }), shows: /8123/ },
  "network.interfaces[].routes[].to": {
    given: nic({ routes: [{ to: "10.77.0.0/16", via: "172.16.1.2" }] }),
    shows: /10\.77\.0\.0\/16/,
  },
  "network.interfaces[].routes[].via": {
    given: nic({ routes: [{ to: "10.77.0.0/16", via: "172.16.1.2" }] }),
    shows: /172\.16\.1\.2\b/,
  },
  "network.interfaces[].routes[].metric": {
    given: nic({ routes: [{ to: "10.77.0.0/16", via: "172.16.1.2", metric: 4321 }] }),
    shows: /4321/,
  },
  "network.interfaces[].bond.primary": {
    given: nic({}, { name: "bond7", bond: { interfaces: ["enp7s0", "enp8s0"], primary: "enp8s0" } }),
    without: nic({}, { name: "bond7", bond: { interfaces: ["enp7s0", "enp8s0"] } }),
    shows: /primary\W{1,4}enp8s0/,
  },
  "network.interfaces[].bond.miimon": {
    given: nic({}, { name: "bond7", bond: { interfaces: ["enp7s0"], miimon: 321 } }),
    shows: /321/,
  },
  "network.interfaces[].bond.lacpRate": {
    given: nic({}, { name: "bond7", bond: { interfaces: ["enp7s0"], mode: "802.3ad", lacpRate: "fast" } }),
    shows: /lacp.rate\W{1,4}fast/,
  },
  "network.interfaces[].bond.transmitHashPolicy": {
    given: nic(
      {},
      { name: "bond7", bond: { interfaces: ["enp7s0"], mode: "802.3ad", transmitHashPolicy: "layer3+4" } },
    ),
    shows: /hash.policy\W{1,4}layer3\+4/,
  },
  "network.interfaces[].bridge.interfaces": {
    given: nic({}, { name: "br7", bridge: { interfaces: ["enp7s0", "enp8s0"] } }),
    shows: /enp7s0[^]*enp8s0/,
  },
  "network.interfaces[].bridge.stp": {
    given: nic({}, { name: "br7", bridge: { interfaces: ["enp7s0"], stp: true } }),
    without: nic({}, { name: "br7", bridge: { interfaces: ["enp7s0"] } }),
    shows: /stp\W{1,5}(true|yes|on|1)|stp_state 1/,
  },
  mirror: { given: { mirror: "http://mirror.example/os" }, shows: /mirror\.example/ },
  proxy: { given: { proxy: "http://proxy.example:3128" }, shows: /proxy\.example/ },
  "disk.devices": { given: { disk: { devices: ["/dev/vdc"] } }, shows: /vdc/ },
  "disk.layout": { given: { disk: { layout: "lvm" } } },
  "disk.fileSystem": { given: { disk: { fileSystem: "xfs" } }, shows: /xfs/ },
  "disk.mounts[].path": { given: { disk: { mounts: [{ path: "/srv/data", size: "2GiB" }] } }, shows: /\/srv\/data\b/ },
  "disk.mounts[].size": {
    given: { disk: { mounts: [{ path: "/srv", size: "2GiB" }] } },
    // Debian's installer counts in megabytes.
    shows: /(?<!\d)(2048|2148)(?!\d)/,
  },
  "disk.mounts[].fileSystem": {
    given: { disk: { mounts: [{ path: "/srv", size: "2GiB", fileSystem: "xfs" }] } },
    shows: /xfs/,
  },
  "disk.swap": { given: { disk: { swap: "3GiB" } }, shows: /(?<!\d)(3072|3222)(?!\d)/ },
  "disk.passphrase": { given: encrypted, shows: /correct horse/ },
  "disk.unlock.tpm2": {
    given: unlocked({ tpm2: true }),
    without: unlocked({ tang: [tang] }),
    shows: /unlock\/pin\ntpm2$/m,
  },
  "disk.unlock.tpm2.pcrs": {
    given: unlocked({ tpm2: { pcrs: [7, 0] } }),
    without: unlocked({ tpm2: true }),
    shows: /"pcr_bank":"sha256","pcr_ids":"0,7"/,
  },
  "disk.unlock.tang[].url": { given: unlocked({ tang: [tang] }), shows: /"url":"http:\/\/tang\.example"/ },
  "disk.unlock.tang[].thumbprint": { given: unlocked({ tang: [tang] }), shows: /"thp":"A{43}"/ },
  "disk.unlock.threshold": {
    given: unlocked({ tpm2: true, tang: [tang], threshold: 2 }),
    without: unlocked({ tpm2: true, tang: [tang] }),
    shows: /unlock\/config\n\{"t":2,"pins":\{"tpm2":\{\},"tang":\[\{"url"/,
  },
  packages: { given: { packages: ["nano"] }, shows: /nano/ },
  groups: { given: { groups: ["web-server"] }, shows: /web-server/ },
  kernelArguments: { given: { kernelArguments: ["quiet"] }, shows: /quiet/ },
  // Nothing is made where the machine makes its own; the keys of kvm-deploy are given like those of a program.
  hostKeys: { given: { hostKeys: false }, without: { hostKeys: { ed25519: keyOf.ed25519.privateKey } } },
  "hostKeys.ed25519": { given: { hostKeys: { ed25519: keyOf.ed25519.privateKey } }, shows: /ssh-ed25519 / },
  "hostKeys.rsa": { given: { hostKeys: { rsa: keyOf.rsa.privateKey } }, shows: /ssh-rsa / },
  "hostKeys.ecdsa": { given: { hostKeys: { ecdsa: keyOf.ecdsa.privateKey } }, shows: /ecdsa-sha2-/ },
  "scripts.before": { given: { scripts: { before: ["echo early"] } }, shows: /^echo early$/m },
  "scripts.after": { given: { scripts: { after: ["echo late"] } }, shows: /^echo late$/m },
  "scripts.firstBoot": { given: { scripts: { firstBoot: ["echo first"] } }, shows: /^echo first$/m },
  "handOver.salt.role": { given: master(), without: salt(), shows: /salt-master/ },
  "handOver.salt.master": { given: salt({ master: "salt.example" }), shows: /"master": "salt\.example"/ },
  "handOver.salt.id": { given: salt({ id: "web.lab" }), shows: /salt\/minion_id\nweb\.lab$/m },
  "handOver.salt.grains": { given: salt({ grains: { tier: "front" } }), shows: /"tier": "front"/ },
  "handOver.salt.key": { given: salt({ key: rsa.privateKey }), shows: /minion\/minion\.pem\n-----BEGIN/ },
  "handOver.salt.masterKey": { given: salt({ masterKey: rsa.publicKey }), shows: /minion_master\.pub\n-----BEGIN/ },
  "handOver.salt.masterFinger": {
    given: salt({ masterFinger: "ab:".repeat(31) + "cd" }),
    shows: /"master_finger": "ab:/,
  },
  "handOver.salt.minions": {
    given: master({ minions: { "web.lab": rsa.publicKey } }),
    shows: /pki\/master\/minions\/web\.lab\n-----BEGIN PUBLIC/,
  },
  "handOver.salt.config": {
    given: salt({ config: { "minion.d/log.conf": "log_level: info\n" } }),
    shows: /^log_level: info$/m,
  },
  "handOver.salt.state": {
    given: master({ state: { "top.sls": "base: {}\n" } }),
    shows: /srv\/salt\/top\.sls\nbase: \{\}$/m,
  },
  "handOver.salt.package": { given: salt({ package: "venv-salt-minion" }), shows: /^venv-salt-minion$/m },
  "handOver.ansible.user": { given: ansible({ user: "kvmd-ann" }), shows: /python3/ },
  "handOver.puppet.server": {
    given: puppet({ server: "puppet.example" }),
    shows: /settings\/server\npuppet\.example$/m,
  },
  "handOver.puppet.certname": { given: puppet({ certname: "web.lab" }), shows: /settings\/certname\nweb\.lab$/m },
  "handOver.puppet.environment": { given: puppet({ environment: "lab" }), shows: /settings\/environment\nlab$/m },
  "handOver.puppet.key": { given: puppet({ certname: "w", key: rsa.privateKey }), shows: /hostprivkey\n-----BEGIN/ },
  "handOver.puppet.certificate": {
    given: puppet({ certname: "w", key: rsa.privateKey, certificate: anchor }),
    shows: /hostcert\n-----BEGIN CERTIFICATE/,
  },
  "handOver.puppet.ca": { given: puppet({ ca: anchor }), shows: /localcacert\n-----BEGIN CERTIFICATE/ },
  "handOver.puppet.package": { given: puppet({ package: "openvox-agent" }), shows: /openvox-agent/ },
  "handOver.chef.server": { given: chef(), shows: /^chef_server_url 'https:\/\/chef\.example\/organizations\/lab'$/m },
  "handOver.chef.nodeName": { given: chef({ nodeName: "web.lab" }), shows: /^node_name 'web\.lab'$/m },
  "handOver.chef.environment": { given: chef({ environment: "lab" }), shows: /^environment 'lab'$/m },
  "handOver.chef.runList": { given: chef({ runList: ["recipe[base]"] }), shows: /"recipe\[base\]"/ },
  "handOver.chef.validationClient": {
    given: chef({ validationClient: "lab-v" }),
    shows: /^validation_client_name 'lab-v'$/m,
  },
  "handOver.chef.validationKey": { given: chef(), shows: /chef\/validation\.pem\n-----BEGIN/ },
  "handOver.chef.acceptLicense": { given: chef({ acceptLicense: true }), shows: /^chef_license 'accept'$/m },
  "handOver.chef.package": { given: chef({ package: "cinc" }), shows: /^cinc$/m },
  "handOver.cloudInit.userData": {
    given: handOver({ cloudInit: { userData: "#cloud-config\nruncmd: [[touch, /marker]]\n" } }),
    shows: /nocloud\/user-data\n#cloud-config\nruncmd/,
  },
  "handOver.script": { given: handOver({ script: "echo taken" }), shows: /^echo taken$/m },
  "handOver.repository.url": { given: salt(), shows: /packages\.example\/manager/ },
  "handOver.repository.key": { given: salt(), shows: /BEGIN PGP PUBLIC KEY BLOCK/ },
  "handOver.repository.suite": {
    given: handOver({ salt: {}, repository: { url: "https://packages.example", key: repositoryKey, suite: "lts" } }),
    shows: /^Suites: lts$/m,
  },
  "handOver.repository.components": {
    given: handOver({
      salt: {},
      repository: { url: "https://packages.example", key: repositoryKey, suite: "lts", components: ["a", "b"] },
    }),
    shows: /^Components: a b$/m,
  },
  "forwarding.ipv4": { given: { forwarding: { ipv4: true } }, shows: /net\.ipv4\.ip_forward = 1/ },
  "forwarding.ipv6": { given: { forwarding: { ipv6: true } }, shows: /net\.ipv6\.conf\.all\.forwarding = 1/ },
};

/** Ways of giving an option that a family may carry out otherwise than the plain one. */
const furtherCases: Readonly<Record<string, Case>> = {
  "locale with a modifier": { given: { locale: "sr_RS.UTF-8@latin" }, shows: /sr_RS@latin/ },
  "locale without a character set": { given: { locale: "de_DE" }, shows: /de_DE\.UTF-8/ },
  "keyboard de": {
    given: { keyboard: "de" },
    shows: /(select|keyboard) de$|"keyboard": "de"|"layout":"de","variant":""|german-deadkey/m,
  },
  "keyboard us-alt-intl": {
    given: { keyboard: "us-alt-intl" },
    shows: /us\(alt-intl\)|us \(alt-intl\)|"variant":"alt-intl"/,
  },
  "keyboard de-latin1-nodeadkeys": {
    given: { keyboard: "de-latin1-nodeadkeys" },
    shows: /de\(nodeadkeys\)|de \(nodeadkeys\)|"variant":"nodeadkeys"|<keymap>german</,
  },
  "timezone by an old name": { given: { timezone: "US/Eastern" }, shows: /America\/New_York/ },
  "ntp false": { given: { ntp: false } },
  "sudo with the own password": {
    given: user({ sudo: true, password: hash }),
    shows: /^kvmd-ann ALL=\(ALL:ALL\) ALL$/m,
  },
  "a name and a MAC address": {
    given: { network: { interfaces: [{ name: "lan0", mac: "52:54:00:aa:bb:cc" }] } },
    shows: /set-name|net-udev/,
  },
  "dns beside DHCP": {
    given: { network: { interfaces: [{ name: "enp1s0", dns: ["9.9.9.9"] }] } },
    shows: /9\.9\.9\.9/,
  },
  "search beside DHCP": {
    given: { network: { interfaces: [{ name: "enp1s0", search: ["corp.example"] }] } },
    shows: /corp\.example/,
  },
  "dns of the second interface": { given: second({ dns: ["9.9.9.9"] }), shows: /9\.9\.9\.9/ },
  "search of the second interface": { given: second({ search: ["corp.example"] }), shows: /corp\.example/ },
  "gateway of the second interface": {
    given: second({ addresses: ["10.9.0.2/24"], gateway: "10.9.0.1" }),
    shows: /10\.9\.0\.1\b/,
  },
  "a further address": { given: nic({ addresses: ["172.16.1.10/24", "172.16.1.11/24"] }), shows: /172\.16\.1\.11/ },
  "an address of IPv6": { given: nic({ addresses: ["172.16.1.10/24", "2001:db8::10/64"] }), shows: /2001:db8::10/ },
  "a router outside of the subnet": {
    given: nic({ addresses: ["192.0.2.10/32"], gateway: "10.77.0.1" }),
    shows:
      /"via":"10\.77\.0\.1","on-link":true|--gateway=10\.77\.0\.1|"gateway4": ?"10\.77\.0\.1"|<destination>10\.77\.0\.1\/32<|gateway string 10\.77\.0\.1/,
  },
  "a router of IPv6 outside of the subnet": {
    given: nic({ addresses: ["2001:db8::10/128"], gateway6: "2001:db8:77::1" }),
    shows:
      /"via":"2001:db8:77::1","on-link":true|--ipv6gateway=2001:db8:77::1|"gateway6": ?"2001:db8:77::1"|<destination>2001:db8:77::1\/128<|gateway string 2001:db8:77::1/,
  },
  "IPv6 by router advertisements alone": {
    given: second({ dhcp4: false, acceptRa: true }),
    shows:
      /"dhcp4":false,"accept-ra":true|enp2s0[^\n]* --noipv4\n|"method4": ?"disabled",\s*"method6": ?"auto"|iface enp2s0 inet6 auto/,
  },
  "DHCP next to an address of IPv6": {
    given: second({ dhcp4: true, addresses: ["2001:db8:9::2/64"] }),
    shows:
      /"dhcp4":true,"addresses"|enp2s0[^\n]* --bootproto=dhcp --ipv6|"method4": ?"auto",\s*"method6": ?"manual"|iface enp2s0 inet dhcp\n\niface enp2s0 inet6 static/,
  },
  "a bridge as the first interface": {
    given: { network: { interfaces: [{ ...first, name: "br0", bridge: { interfaces: ["enp1s0"] } }] } },
    shows: /bridges|bridgeslaves=enp1s0|"ports": ?\[\s*"enp1s0"\s*\]|<bridge_ports>enp1s0|master br0/,
  },
  "a bond as the first interface": {
    given: { network: { interfaces: [{ ...first, name: "bond0", bond: { interfaces: ["enp1s0", "enp2s0"] } }] } },
    shows:
      /bonds|bondslaves=enp1s0,enp2s0|"ports": ?\[\s*"enp1s0",\s*"enp2s0"\s*\]|<bonding_slave1>enp2s0|master bond0/,
  },
  "the first interface without an address": {
    given: { network: { interfaces: [{ name: "enp1s0", dhcp4: false }] } },
    shows: /"dhcp4":false|"method4": ?"disabled"|<bootproto>none<|--noipv4 --noipv6/,
  },
  "addresses of IPv6 alone": { given: nic({ addresses: ["2001:db8::10/64"] }), shows: /2001:db8::10/ },
  "a VLAN of any name": { given: nic({}, { name: "lan", vlan: { id: 777, link: "enp1s0" } }), shows: /777/ },
  "a passphrase with blanks at its ends": {
    given: { disk: { layout: "encrypted", passphrase: "  lead trail  " } },
    shows: /(?<![>\w] ?)['"] {2}lead trail {2}['"]/,
  },
  "the layout encrypted": { given: encrypted, without: { disk: { layout: "lvm" } } },
  "the layout raid1": { given: { disk: { layout: "raid1", devices: ["/dev/vda", "/dev/vdb"] } }, shows: /vdb/ },
  "the layout raid1 on three disks": {
    given: { disk: { layout: "raid1", devices: ["/dev/vda", "/dev/vdb", "/dev/vdc"] } },
    shows: /vdc/,
  },
  "the layout raid1-lvm": {
    given: { disk: { layout: "raid1-lvm", devices: ["/dev/vda", "/dev/vdb"] } },
    without: { disk: { layout: "raid1", devices: ["/dev/vda", "/dev/vdb"] } },
    shows: /vdb/,
  },
  "Tang by a fixed address": {
    given: unlocked({ tang: [tang] }, [{ ...first, gateway: "172.16.1.1", dns: ["172.16.1.1"] }]),
    shows:
      /initramfs-tools\n172\.16\.1\.10::172\.16\.1\.1:255\.255\.255\.0::CARD:off:172\.16\.1\.1\n[^]*ip=172\.16\.1\.10::172\.16\.1\.1:255\.255\.255\.0::CARD:none nameserver=172\.16\.1\.1$/m,
  },
  "Tang by an address of IPv6": {
    given: unlocked({ tang: [tang] }, [{ name: "enp1s0", addresses: ["2001:db8::10/64"], gateway6: "2001:db8::1" }]),
    shows: /ip=\[2001:db8::10\]::\[2001:db8::1\]:64::CARD:none$/m,
  },
  "Tang by DHCP of one card": {
    given: unlocked({ tang: [tang] }, [{ name: "enp1s0" }]),
    shows: /initramfs-tools\n:::::CARD:dhcp\n/,
  },
  "Tang by a bridge": {
    given: unlocked({ tang: [tang] }, [{ ...first, name: "br0", bridge: { interfaces: ["enp1s0"] } }]),
    shows: /never/,
  },
  "mounts on volumes": {
    given: { disk: { layout: "lvm", mounts: [{ path: "/var/log", size: "2GiB" }, { path: "/" }] } },
    shows: /var-log/,
  },
  "mounts on encrypted volumes": {
    given: { disk: { ...encrypted.disk, mounts: [{ path: "/var/log", size: "2GiB" }] } },
    shows: /var-log[^]*|correct horse/,
  },
  "a root of a size": {
    given: { disk: { layout: "lvm", mounts: [{ path: "/", size: "5GiB" }, { path: "/srv" }] } },
    shows: /(?<!\d)(5120|5369)(?!\d)/,
  },
  "all sizes": {
    given: { disk: { layout: "lvm", mounts: [{ path: "/", size: "5GiB" }] } },
    shows: /(?<!\d)5120(?!\d)/,
  },
  "no swap": { given: { disk: { layout: "lvm", swap: false } }, without: { disk: { layout: "lvm", swap: "1GiB" } } },
  "no swap on plain partitions": { given: { disk: { swap: false } }, without: { disk: { swap: "1GiB" } } },
  "the layout custom": { given: { disk: { layout: "custom" } } },
  "the file system btrfs": {
    given: { disk: { fileSystem: "btrfs" } },
    without: { disk: { fileSystem: "ext4" } },
    shows: /btrfs/,
  },
  "no packages": { given: { packages: [] } },
  "a group with an at sign": { given: { groups: ["@development"] }, shows: /^@development$/m },
  "a group by its title": { given: { groups: ["Development Tools"] }, shows: /Development Tools/ },
  "a kernel argument with a blank": { given: { kernelArguments: ["greeting=hello world"] }, shows: /hello world/ },
  "a user with capitals and a dot": {
    given: { users: [{ name: "Ann.Example", sudo: "passwordless" }] },
    shows: /sudoers\.d\/kvm-deploy-Ann\+Example\n[^]*^Ann\.Example ALL=/m,
  },
  "a key with options": {
    given: { rootKeys: [`from="10.0.0.0/8",no-pty ${ssh.publicKey}`] },
    shows: /^from="10\.0\.0\.0\/8",no-pty ssh-ed25519 /m,
  },
  "Salt from the distribution": { given: handOver({ salt: {} }), shows: /salt-minion/ },
  "Chef from the distribution": { given: handOver({ chef: chefServer }), shows: /never/ },
  "Puppet from a repository": { given: from({ puppet: {} }), shows: /^puppet-agent$/m },
  "the name of an account of the system": { given: { users: [{ name: "mail" }] }, shows: /never/ },
};

for (const family of families) {
  describe(`every option that families share, given to ${family.id}`, () => {
    for (const [option, one] of Object.entries({ ...cases, ...furtherCases })) {
      it(`has its effect, or is refused: ${option}`, () => requireEffect(family, one));
    }
  });
}

describe("the options that families share", () => {
  it("have a case each", () => {
    assert.deepEqual(Object.keys(cases).sort(), leavesOf(systemOptions).sort());
  });
});

/** A third is not given: what neither is refused nor shows is lost without a word. */
function requireEffect(family: Family, one: Case): void {
  const { shows } = one;
  const [given, without] = [one.given, one.without ?? {}].map((options) =>
    typeof options === "function" ? options(family) : options,
  ) as [System, System];
  const system = systemOptions.parse(given);
  const refusals = family.limits(system, ownOf(family));
  if (refusals.length > 0) {
    requireMeant(
      refusals.map(({ property }) => property),
      given,
    );
    return;
  }
  const text = textOf(answersOf(family, given));
  assert.notEqual(text, textOf(answersOf(family, without)), "nothing differs");
  if (shows !== undefined) assert.match(text, shows);
}

/** A refusal names the option that is given, or what it needs beside it. */
function requireMeant(properties: readonly string[], given: System): void {
  const keys = Object.keys(given);
  for (const property of properties)
    assert.ok(
      keys.some((key) => property.startsWith(`system.${key}`)),
      `${property} is refused instead`,
    );
}

function answersOf(family: Family, given: System): Answers {
  const read = (name: string) => {
    const file = path.join(root, "provider/install", family.id, name);
    return { path: file, text: readFileSync(file, "utf8"), isOwn: false };
  };
  const pair = { template: read(family.shipped.template), table: read(family.shipped.table) };
  return family.answers({ system: systemOptions.parse(given), own: ownOf(family), data: {}, pair, mark: "the mark" });
}

/** What a family can't do without. */
function ownOf({ id }: Family): unknown {
  return id === "agama" ? { product: "Leap_16.0" } : {};
}

/** All that a machine gets: files with their names, and the kernel's arguments. */
function textOf({ initrd, iso, bootArguments }: Answers): string {
  const files = [...initrd, ...iso].map(({ path: file, content }) => `${file}\n${String(content)}`);
  return [...files, bootArguments.join(" ")].join("\n");
}

/** `users[].name`: every place of the schema where a value is given. */
function leavesOf(type: z.ZodType, at: readonly PropertyKey[] = []): string[] {
  if (type instanceof z.ZodObject)
    return Object.entries(type.shape).flatMap(([key, inner]) => leavesOf(inner as z.ZodType, [...at, key]));
  if (type instanceof z.ZodOptional || type instanceof z.ZodDefault || type instanceof z.ZodPrefault)
    return leavesOf(type.unwrap() as z.ZodType, at);
  // What an object may be else is an option, too.
  if (type instanceof z.ZodUnion && type.options.some((option) => option instanceof z.ZodObject))
    return [...new Set([formatPath(at), ...type.options.flatMap((option) => leavesOf(option as z.ZodType, at))])];
  if (type instanceof z.ZodArray && isMadeOfObjects(type)) {
    const leaves = leavesOf(type.element as z.ZodType);
    return leaves.map((leaf) => `${formatPath(at)}[].${leaf}`);
  }
  return [formatPath(at)];
}

function isMadeOfObjects({ element }: z.ZodArray): boolean {
  return element instanceof z.ZodObject;
}

function literal(text: string): RegExp {
  return new RegExp(text.replace(/[.+?^${}()|[\]\\*]/g, String.raw`\$&`));
}
