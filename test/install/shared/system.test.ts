import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemOptions } from "../../../provider/install/shared/system";
import { checkInputs } from "../../../provider/resource/check";
import { hash } from "../debian/options";
import { makeKeyPair } from "./keys";
import { makeCertificate, makeRsaPair } from "./rsa";

const { privateKey, publicKey } = makeKeyPair("-t", "ed25519");
const rsa = makeRsaPair();
const certificate = makeCertificate(rsa.privateKey, "ca");
const nic = { name: "enp1s0", addresses: ["172.16.1.10/24"], gateway: "172.16.1.1", dns: ["172.16.1.1"] };

const full = {
  hostname: "web",
  domain: "lab.example",
  locale: "de_DE.UTF-8",
  keyboard: "de",
  timezone: "Europe/Berlin",
  ntp: ["ntp.example", "192.0.2.1"],
  rootPassword: hash,
  rootKeys: [publicKey],
  users: [
    { name: "ann", fullName: "Ann Ä.", password: hash, keys: [publicKey], groups: ["www-data"], sudo: true },
    { name: "bob", sudo: "passwordless" },
  ],
  network: {
    interfaces: [
      { ...nic, addresses: [...nic.addresses, "2001:db8::10/64"], gateway6: "2001:db8::1", search: ["lab.example"] },
      { mac: "52:54:00:00:00:01" },
      { name: "enp2s0" },
      { name: "enp1s0.5", vlan: { id: 5, link: "enp1s0" } },
      { name: "bond0", bond: { interfaces: ["enp2s0", "enp3s0"], mode: "802.3ad" } },
    ],
  },
  mirror: "http://192.168.199.1:8080/debian",
  proxy: "http://ann:secret@proxy.example:3128",
  disk: { devices: ["/dev/vda"], layout: "encrypted", fileSystem: "xfs", passphrase: "correct horse" },
  packages: ["openssh-server", "libstdc++6"],
  groups: ["standard", "@^server-product-environment"],
  kernelArguments: ["quiet", "console=tty0"],
  hostKeys: { ed25519: privateKey },
  scripts: { before: ["true"], after: ["true"], firstBoot: ["true"] },
  forwarding: { ipv4: true, ipv6: false },
};

function failuresOf(options: Readonly<Record<string, unknown>>): string[] {
  return checkInputs(systemOptions, options).failures.map(({ property, reason }) => `${property}: ${reason}`);
}

/** The options with a changed first interface, and others behind it. */
function nics(change: Readonly<Record<string, unknown>>, ...others: readonly Readonly<Record<string, unknown>>[]) {
  return { network: { interfaces: [{ ...nic, ...change }, ...others] } };
}

/** A layout of volumes with one file system more. */
function mounts(...given: readonly Readonly<Record<string, unknown>>[]) {
  return { disk: { layout: "lvm", mounts: given } };
}

describe("the options that all families share", () => {
  it("may all be given", () => assert.deepEqual(failuresOf(full), []));
  it("may all be missing", () => assert.deepEqual(failuresOf({}), []));
  it("may give an address of a link, or one without a subnet, to several interfaces", () => {
    for (const address of ["fe80::1/64", "192.0.2.1/32"]) {
      const one = { addresses: [address], gateway: undefined };
      assert.deepEqual(failuresOf(nics(one, { name: "enp2s0", ...one })), []);
    }
  });
  it("may name a volume and a home directory almost like the system's own", () => {
    assert.deepEqual(failuresOf(mounts({ path: "/srv/snapshots", size: "1GiB" })), []);
    const homes = ["/srv/etc", "/var/lib/ann", "/usr/local/ann"].map((home, index) => ({ name: `u${index}`, home }));
    assert.deepEqual(failuresOf({ users: homes }), []);
  });
  it("may not give a certificate or a repository's key together with a private key, which would not stay secret", () => {
    const ca = `${certificate}${rsa.privateKey}`;
    assert.deepEqual(failuresOf({ handOver: { puppet: { ca } } }), [
      "handOver.puppet.ca: has a private key in it, too; give the certificate alone",
    ]);
    const block = (kind: string) =>
      `-----BEGIN PGP ${kind} KEY BLOCK-----\n\nmDME\n-----END PGP ${kind} KEY BLOCK-----\n`;
    const key = `${block("PUBLIC")}${block("PRIVATE")}${block("PUBLIC")}`;
    const [failure = "", ...others] = failuresOf({
      handOver: { salt: {}, repository: { url: "https://r.example", key } },
    });
    assert.match(failure, /^handOver\.repository\.key: is not an OpenPGP public key/);
    assert.deepEqual(others, []);
  });

  const first = "network.interfaces[0]";
  const wrong: [change: Readonly<Record<string, unknown>>, failure: string][] = [
    [{ hostname: "web.lab" }, 'hostname: "web.lab" is not a host name'],
    [{ domain: "lab..example" }, 'domain: "lab..example" is not a domain name'],
    [{ locale: "german" }, 'locale: "german" is not a locale; write it like "en_US.UTF-8" or "C.UTF-8"'],
    [{ keyboard: "us\nx" }, "keyboard: "],
    [{ timezone: "Europe/../x" }, 'timezone: "Europe/../x" is not a time zone; '],
    [{ timezone: "Europe/Atlantis" }, 'timezone: "Europe/Atlantis" is not a time zone; did you mean "Europe/Athens"?'],
    [{ locale: "de_DE.ISO-8859-1" }, 'locale: "de_DE.ISO-8859-1" is not a locale in UTF-8, the one'],
    [{ locale: "xx_XX.UTF-8" }, 'locale: "xx_XX.UTF-8" is not a locale; '],
    [{ keyboard: "de(foo)" }, 'keyboard: "de(foo)" is not a keyboard; did you mean "de(neo)"? "de" has the variants: '],
    [
      { keyboard: "xx" },
      'keyboard: "xx" is not a keyboard; write it like "us", or with a variant like "de(nodeadkeys)"',
    ],
    [{ packages: ["nano-"] }, 'packages[0]: "nano-" is not the name of a package'],
    [{ ntp: true }, "ntp: must be a list of time servers, or false"],
    [{ ntp: ["a b"] }, 'ntp[0]: "a b" is not a time server; write a host name or an address'],
    [{ rootPassword: "secret" }, "rootPassword: must be a crypt(3) hash, not a password"],
    [{ rootKeys: [privateKey] }, "rootKeys[0]: is a private key; give the content of the .pub file"],
    [{ users: [{ name: "ann$" }] }, 'users[0].name: "ann$" is not a user name'],
    [
      { users: [{ name: "ANN_1", sudo: true }] },
      "users[0].sudo: can't be given to ANN_1: sudo takes a name of capitals",
    ],
    [{ users: [{ name: "ann", uid: 7 }] }, "users[0].uid: is below 1000"],
    [{ users: [{ name: "ann", uid: 65534 }] }, "users[0].uid: is a number that the kernel"],
    [
      {
        users: [
          { name: "ann", uid: 2000 },
          { name: "bob", uid: 2000 },
        ],
      },
      "users[1].uid: 2000 is that of users[0] already",
    ],
    [{ users: [{ name: "ann", shell: "zsh" }] }, 'users[0].shell: "zsh" is not an absolute path'],
    [{ users: [{ name: "ann", home: "/home/../etc" }] }, 'users[0].home: "/home/../etc" is not an absolute path'],
    ...["/root", "/etc/ann", "/home", "/usr/bin", "/run/ann", "/var/lib"].map(
      (home): [Readonly<Record<string, unknown>>, string] => [
        { users: [{ name: "ann", home }] },
        `users[0].home: "${home}" is a directory of the system's own`,
      ],
    ),
    [
      { users: [{ name: "ann" }, { name: "bob", home: "/home/ann" }] },
      "users[1].home: /home/ann is the home directory of users[0] already",
    ],
    [
      { users: [{ name: "ann", home: "/home/bob" }, { name: "bob" }] },
      "users[1].name: /home/bob is the home directory of users[0] already",
    ],
    [{ disk: { devices: ["/dev/../etc/passwd"] } }, 'disk.devices[0]: "/dev/../etc/passwd" is not a disk'],
    ...["/dev/vda1", "/dev/nvme0n1p2", "/dev/disk/by-id/virtio-x-part1"].map(
      (device): [Readonly<Record<string, unknown>>, string] => [
        { disk: { devices: [device] } },
        `disk.devices[0]: "${device}" is a partition; name the whole disk`,
      ],
    ),
    [mounts({ path: "/snapshots", size: "1GiB" }), 'disk.mounts[0].path: "/snapshots" would have the volume snapshots'],
    [mounts({ path: "/a_mlog", size: "1GiB" }), 'disk.mounts[0].path: "/a_mlog" would have the volume a_mlog'],
    [mounts({ path: `/${"a".repeat(49)}`, size: "1GiB" }), "disk.mounts[0].path: "],
    [
      mounts({ path: "/srv", size: "100MiB", fileSystem: "xfs" }),
      "disk.mounts[0].size: 100MiB is too small for xfs, which needs 300MiB",
    ],
    [{ users: [{ name: "ann", fullName: "a:b" }] }, "users[0].fullName: must be one line without colons"],
    [{ users: [{ name: "ann", sudo: "yes" }] }, 'users[0].sudo: must be true, false or "passwordless"'],
    [{ users: [{ name: "ann", groups: ["a b"] }] }, 'users[0].groups[0]: "a b" is not a '],
    [{ users: [{ name: "ann" }, { name: "ann" }] }, 'users[1].name: "ann" is users[0] already; give each name once'],
    [{ users: [{ name: "root" }] }, "users[0].name: root is there already; use rootKeys and rootPassword"],
    [{ users: [{ name: "ann", pasword: "x" }] }, 'users[0].pasword: there is no such key; did you mean "password"?'],
    [{ network: { interfaces: [] } }, "network.interfaces: "],
    [
      nics({ addresses: ["172.16.1.10"], gateway: undefined }),
      `${first}.addresses[0]: "172.16.1.10" is not an address with prefix length`,
    ],
    [
      nics({ addresses: ["172.16.1.255/24"] }),
      `${first}.addresses[0]: 172.16.1.255/24 is the subnet's own or its broadcast address`,
    ],
    [nics({ gateway: "172.16.2.1" }), `${first}.gateway: 172.16.2.1 is in the subnet of none of the addresses`],
    [nics({ gateway: "172.16.1.10" }), `${first}.gateway: 172.16.1.10 can't be the router there`],
    [nics({ gateway: "172.16.1.0" }), `${first}.gateway: 172.16.1.0 can't be the router there`],
    [nics({ addresses: [] }), `${first}.gateway: can't be given without an IPv4 address among`],
    [nics({ gateway6: "2001:db8::1" }), `${first}.gateway6: can't be given without an IPv6 address among`],
    [
      nics({ addresses: ["2001:db8::10/64"], gateway: undefined, gateway6: "172.16.1.1" }),
      `${first}.gateway6: "172.16.1.1" is not an IPv6 address`,
    ],
    [nics({ dns: ["ns"] }), `${first}.dns[0]: "ns" is not an IP address`],
    ...["fe80::1%enp1s0", "2001:db8::1%1"].flatMap((zoned): [Readonly<Record<string, unknown>>, string][] => [
      [nics({ dns: [zoned] }), `${first}.dns[0]: "${zoned}" is not an IP address; leave out the zone after %`],
      [nics({ gateway6: zoned, addresses: [...nic.addresses, "2001:db8::2/64"] }), `${first}.gateway6: "${zoned}"`],
      [nics({ routes: [{ to: "2001:db9::/32", via: zoned }] }), `${first}.routes[0].via: "${zoned}"`],
    ]),
    ...["0.1.2.3/8", "127.0.0.1/8", "224.0.0.1/24", "::1/128", "ff02::1/64", "::ffff:192.0.2.1/120"].map(
      (address): [Readonly<Record<string, unknown>>, string] => [
        nics({ addresses: [address], gateway: undefined }),
        `${first}.addresses[0]: ${address} can't be the address of an interface`,
      ],
    ),
    [
      nics({ addresses: ["172.16.1.10/24", "2001:db8::10/64", "2001:DB8:0::10/64"] }),
      `${first}.addresses[2]: is interfaces[0].addresses[1] already`,
    ],
    [
      nics({}, { name: "enp2s0", addresses: ["172.16.1.10/16"] }),
      "network.interfaces[1].addresses[0]: is interfaces[0].addresses[0] already",
    ],
    [
      nics({ addresses: [...nic.addresses, "2001:db8::10/64"], gateway6: "2001:db8:0::10" }),
      `${first}.gateway6: 2001:db8:0::10 is the interface's own address`,
    ],
    [
      nics({ routes: [{ to: "10.0.0.0/8", via: "172.16.1.10" }] }),
      `${first}.routes[0].via: 172.16.1.10 is the interface's own address`,
    ],
    [
      nics({}, { mac: "52:54:00:00:00:01" }, { mac: "52:54:00:00:00:01" }),
      "network.interfaces[2].mac: 52:54:00:00:00:01 is that of interfaces[1] already",
    ],
    [
      nics({}, { name: "b", bond: { interfaces: ["x", "x"] } }),
      'network.interfaces[1].bond.interfaces[1]: "x" is given',
    ],
    [nics({ mtu: 1000, acceptRa: true }), `${first}.mtu: must be at least 1280 for IPv6, which`],
    [nics({ search: ["a b"] }), `${first}.search[0]: "a b" is not a domain name`],
    [nics({ name: "a b" }), `${first}.name: "a b" is not the name of an interface`],
    [nics({ vlan: { id: 5000, link: "eth0" } }), `${first}.vlan.id: `],
    [nics({ vlan: { id: 5, link: "enp1s0" } }), `${first}.vlan: has itself as its link`],
    [nics({ bond: { interfaces: ["enp1s0"] } }), `${first}.bond: has itself among its interfaces`],
    [
      nics({ name: undefined, bond: { interfaces: ["a"] } }),
      `${first}.name: is missing: a VLAN, a bond or a bridge is made`,
    ],
    [nics({ bond: { interfaces: ["a"] }, vlan: { id: 5, link: "a" } }), `${first}.bond: can't be given with \`vlan\``],
    [nics({ bond: { interfaces: ["a"] }, mac: "52:54:00:00:00:01" }), `${first}.mac: can't be given with`],
    [nics({}, {}), "network.interfaces[1].name: is missing: only the first interface may be found by its link"],
    [nics({}, { name: "enp1s0" }), 'network.interfaces[1].name: "enp1s0" is interfaces[0] already'],
    [
      nics({}, { name: "b", bond: { interfaces: ["enp1s0"] } }),
      'network.interfaces[1].bond: takes "enp1s0", which has addresses of its own',
    ],
    [
      nics({}, { name: "enp2s0", addresses: ["10.0.0.2/24"], gateway: "10.0.0.1" }),
      "network.interfaces[1].gateway: is the second default route, next to that of interfaces[0]",
    ],
    [nics({ dhcp4: true }), `${first}.dhcp4: can't be given with an IPv4 address`],
    [nics({ mtu: 60 }), `${first}.mtu: `],
    [
      nics({ mtu: 1000, addresses: ["172.16.1.10/24", "2001:db8::10/64"] }),
      `${first}.mtu: must be at least 1280 for the IPv6`,
    ],
    [
      nics({ routes: [{ to: "10.0.0.1/8", via: "172.16.1.2" }] }),
      `${first}.routes[0].to: "10.0.0.1/8" is not a subnet; write 10.0.0.0/8`,
    ],
    [
      nics({ routes: [{ to: "0.0.0.0/0", via: "172.16.1.2" }] }),
      `${first}.routes[0].to: "0.0.0.0/0" is not a subnet; give the router of the default route`,
    ],
    [
      nics({ routes: [{ to: "2001:db8::/64", via: "172.16.1.2" }] }),
      `${first}.routes[0].via: 172.16.1.2 is of IPv4, and 2001:db8::/64 of IPv6`,
    ],
    [
      nics({ routes: [{ to: "10.0.0.0/8", via: "172.16.2.2" }] }),
      `${first}.routes[0].via: 172.16.2.2 is in the subnet of none of the addresses`,
    ],
    [
      nics({}, { name: "b", dhcp4: false, dns: ["9.9.9.9"] }),
      "network.interfaces[1].dns: can't be given to an interface without addresses",
    ],
    [
      nics({}, { name: "b", bridge: { interfaces: ["enp1s0"] } }),
      'network.interfaces[1].bridge: takes "enp1s0", which has addresses of its own',
    ],
    [
      nics({}, { name: "enp2s0", dhcp4: true }, { name: "b", bond: { interfaces: ["enp2s0"] } }),
      'network.interfaces[2].bond: takes "enp2s0", which has `dhcp4: true`',
    ],
    [
      nics({}, { name: "b", bond: { interfaces: ["x"] } }, { name: "c", bridge: { interfaces: ["x"] } }),
      'network.interfaces[2].bridge: takes "x", which "b" has already',
    ],
    [
      nics({}, { name: "b", bridge: { interfaces: ["x"] } }, { name: "c", bond: { interfaces: ["b"] } }),
      'network.interfaces[2].bond: takes "b", which is a bridge',
    ],
    [
      nics({}, { name: "b", bond: { interfaces: ["x"], primary: "y" } }),
      'network.interfaces[1].bond.primary: "y" is none of the bond\'s',
    ],
    [
      nics({}, { name: "b", bond: { interfaces: ["x"], mode: "802.3ad", primary: "x" } }),
      "network.interfaces[1].bond.primary: is for the modes active-backup",
    ],
    [
      nics({}, { name: "b", bond: { interfaces: ["x"], lacpRate: "fast" } }),
      "network.interfaces[1].bond.lacpRate: is for the mode 802.3ad only",
    ],
    [
      nics({}, { name: "b", bond: { interfaces: ["x"], transmitHashPolicy: "layer2" } }),
      "network.interfaces[1].bond.transmitHashPolicy: is for the modes",
    ],
    [
      nics({}, { name: "b", bond: { interfaces: ["x"] } }, { name: "x", mtu: 9000 }),
      'network.interfaces[2].mtu: can\'t be given for an interface of the bond "b"',
    ],
    [
      nics({}, { name: "v", vlan: { id: 5, link: "enp1s0" }, mtu: 9000 }),
      'network.interfaces[1].mtu: is 9000, and that of "enp1s0" is 1500',
    ],
    [
      nics({}, { name: "b", bridge: { interfaces: ["x"] }, mtu: 9000 }),
      'network.interfaces[1].mtu: is 9000, and that of "x" is 1500',
    ],
    [{ mirror: "ftp://a/debian" }, 'mirror: "ftp://a/debian" is not a URL'],
    [{ mirror: "http://ann:secret@a/debian" }, "mirror: must have neither login, query nor fragment"],
    [{ mirror: "http://a/debian?x" }, "mirror: must have neither login, query nor fragment"],
    [{ proxy: "ann:secret@proxy" }, "proxy: "],
    [{ disk: { devices: ["vda"] } }, 'disk.devices[0]: "vda" is not a disk; write it like "/dev/vda"'],
    [{ disk: { divices: [] } }, 'disk.divices: there is no such key; did you mean "devices"?'],
    [{ disk: { layout: "raid" } }, "disk.layout: must be one of whole, lvm, encrypted, raid1, raid1-lvm, custom"],
    [{ disk: { devices: ["/dev/vda", "/dev/vdb"] } }, "disk.devices: has 2 disks; the layout whole takes 1"],
    [
      { disk: { devices: ["/dev/vda"], layout: "raid1" } },
      "disk.devices: has 1 disk; the layout raid1 takes 2 or more",
    ],
    [{ disk: { devices: ["/dev/vda", "/dev/vda"], layout: "raid1" } }, "disk.devices: names a disk twice"],
    [{ disk: { layout: "encrypted" } }, "disk.passphrase: is missing: the layout encrypted needs one"],
    [{ disk: { passphrase: "secret secret" } }, "disk.passphrase: is of no use to the layout whole"],
    [
      { disk: { layout: "encrypted", passphrase: "secret" } },
      "disk.passphrase: must be 8 to 512 printable ASCII characters",
    ],
    [
      { disk: { mounts: [{ path: "home", size: "1GiB" }] } },
      'disk.mounts[0].path: "home" is not the path of a directory',
    ],
    [
      { disk: { mounts: [{ path: "/usr/local", size: "1GiB" }] } },
      'disk.mounts[0].path: "/usr/local" can\'t be a file',
    ],
    [{ disk: { mounts: [{ path: "/srv", size: "1B" }] } }, 'disk.mounts[0].size: "1B" is not a whole number of MiB'],
    [{ disk: { mounts: [{ path: "/srv" }] } }, "disk.mounts[0].size: is missing: what is left can go to one"],
    [
      { disk: { mounts: [{ path: "/" }, { path: "/srv" }] } },
      "disk.mounts[1].size: is missing: what is left can go to one file system only, and goes to /",
    ],
    [
      {
        disk: {
          mounts: [
            { path: "/srv", size: "1GiB" },
            { path: "/srv", size: "1GiB" },
          ],
        },
      },
      'disk.mounts[1].path: "/srv" is given twice',
    ],
    [
      { disk: { mounts: [{ path: "/swap", size: "1GiB" }] } },
      'disk.mounts[0].path: "/swap" would have the name of another volume, swap',
    ],
    [
      {
        disk: {
          mounts: [
            { path: "/a/b", size: "1GiB" },
            { path: "/a-b", size: "1GiB" },
          ],
        },
      },
      'disk.mounts[1].path: "/a-b" would have the name of another volume, a-b',
    ],
    [
      { disk: { layout: "custom", mounts: [{ path: "/srv", size: "1GiB" }] } },
      "disk.mounts: can't be given with the layout custom",
    ],
    [{ disk: { layout: "raid1", swap: "1GiB" } }, "disk.swap: can't be given with the layout raid1"],
    [{ disk: { swap: "much" } }, "disk.swap: "],
    [{ packages: ["two names"] }, 'packages[0]: "two names" is not the name of a package'],
    [{ groups: [" x"] }, 'groups[0]: " x" is not the name of a group of packages'],
    [{ kernelArguments: ['a="b"'] }, 'kernelArguments[0]: "a=\\"b\\"" is not a kernel argument'],
    [{ kernelArguments: ["memmap=1G$1G"] }, 'kernelArguments[0]: "memmap=1G$1G" has a character that the new system'],
    [{ kernelArguments: ["quiet", "a=`id`"] }, 'kernelArguments[1]: "a=`id`" has a character'],
    [{ kernelArguments: ["a\\nb"] }, 'kernelArguments[0]: "a\\\\nb" has a character'],
    [{ hostKeys: { rsa: privateKey } }, "hostKeys.rsa: is a key of the type ssh-ed25519, not rsa"],
    [{ hostKeys: { ed25519: "secret" } }, "hostKeys.ed25519: is not an OpenSSH private key"],
    [{ hostKeys: { dsa: "x" } }, "hostKeys.dsa: there is no such key"],
    [{ scripts: { after: [""] } }, "scripts.after[0]: is empty; leave it out"],
    [{ forwarding: { ipv4: 1 } }, "forwarding.ipv4: must be true or false, but is a number"],
    [{ hostnaem: "x" }, 'hostnaem: there is no such key; did you mean "hostname"?'],
  ];
  for (const [change, failure] of wrong) {
    it(failure.split(/[;,]/, 1)[0] ?? "", () => {
      const failures = failuresOf({ ...full, ...change });
      assert.equal(failures.length, 1, failures.join("\n"));
      assert.ok(failures[0]?.startsWith(failure), failures[0]);
      assert.ok(!failures[0]?.includes("secret"), failures[0]);
    });
  }

  it("are all told at once when several are wrong", () => {
    assert.equal(failuresOf({ hostname: "a.b", packages: ["a b"], disk: { devices: ["vda"] } }).length, 3);
  });

  it("report a ring of interfaces at each of them", () => {
    const ring = [
      { name: "a", vlan: { id: 5, link: "b" } },
      { name: "b", bond: { interfaces: ["c"] } },
      { name: "c", vlan: { id: 6, link: "a" } },
    ];
    const failures = failuresOf({ network: { interfaces: ring } });
    assert.equal(failures.length, 3, failures.join("\n"));
    const outside = { name: "d", vlan: { id: 7, link: "a" } };
    assert.deepEqual(failuresOf({ network: { interfaces: [...ring, outside] } }), failures);
    for (const failure of failures) assert.match(failure, /itself in the end; take one of the interfaces out/);
  });

  it("take a router outside of the subnet next to a single address, and a VLAN as large as its carrier", () => {
    const outside = { addresses: ["192.0.2.10/32", "2001:db8::10/128"], gateway: "10.0.0.1", gateway6: "fe80::1" };
    assert.deepEqual(
      failuresOf(nics({ ...outside, mtu: 9000 }, { name: "v", vlan: { id: 5, link: "enp1s0" }, mtu: 9000 })),
      [],
    );
  });

  it("take a small subnet's only two addresses", () => {
    assert.deepEqual(failuresOf(nics({ addresses: ["10.0.0.0/31"], gateway: "10.0.0.1" })), []);
  });
});
