import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Release } from "../../../provider/install/family";
import { redhat } from "../../../provider/install/redhat/index";
import { redhatOptions } from "../../../provider/install/redhat/schema";
import { type Given, optionsOf } from "./options";

function limitsOf(given: Given): string[] {
  const { system, own } = optionsOf(given);
  return redhat.limits(system, own).map(({ property, reason }) => `${property}: ${reason}`);
}

type Interface = NonNullable<Given["network"]>["interfaces"][number];
const nicWith = (change: Partial<Interface>): Given => ({ network: { interfaces: [{ name: "a", ...change }] } });
const nicPath = "system.network.interfaces[0]";
const bridgeOf = (...interfaces: string[]) => ({ name: "br0", bridge: { interfaces } });

describe("what Anaconda can't do is told with its path", () => {
  const cases: readonly { readonly given: Given; readonly told: RegExp }[] = [
    { given: { disk: { layout: "custom" } }, told: /^system\.disk\.layout: custom needs .*`redhat\.partitioning`$/ },
    {
      given: { redhat: { partitioning: ["autopart"] } },
      told: /^redhat\.partitioning: is of no use to the layout whole/,
    },
    {
      given: { disk: { layout: "raid1" } },
      told: /^system\.disk\.devices: is missing: name the disks of raid1, such as/,
    },
    { given: { disk: { layout: "lvm", fileSystem: "btrfs" } }, told: /^system\.disk\.fileSystem: can't be btrfs/ },
    { given: { proxy: "http://p:1" }, told: /^system\.proxy: is of use to a `mirror` only/ },
    { given: { mirror: "http://m/", redhat: { source: "cdrom" } }, told: /^redhat\.source: can't be given with/ },
    {
      given: { redhat: { repositories: [{ name: "a" }] } },
      told: /^redhat\.repositories\[0\]: must have one of `url`/,
    },
    {
      given: { groups: ["core", "Development Tools"] },
      told: /^system\.groups\[1\]: "Development Tools" is not a group's id, such as "development"/,
    },
    {
      given: { network: { interfaces: [{ addresses: ["10.0.0.1/24", "10.0.0.2/24"] }] } },
      told: /^system\.network\.interfaces\[0\]\.addresses: has several addresses of a kind/,
    },
    { given: { groups: ["@core", "x^"] }, told: /^system\.groups\[1\]: "x\^" is not a group's id/ },
    { given: { users: [{ name: "wheel" }] }, told: /^system\.users\[0\]\.name: "wheel" is an account or a group/ },
    {
      given: { network: { interfaces: [{ name: "lan0", mac: "52:54:00:aa:bb:cc" }] } },
      told: /^system\.network\.interfaces\[0\]\.mac: can't be given with a `name`: Anaconda gives no card another name/,
    },
    {
      given: { kernelArguments: ["quiet", "greeting=hello world"] },
      told: /^system\.kernelArguments\[1\]: "greeting=hello world" breaks .* without white space$/,
    },
    {
      given: { network: { interfaces: [{ addresses: ["2001:db8::10/64"], dns: ["2001:db8::1", "10.0.0.1"] }] } },
      told: /^system\.network\.interfaces\[0\]\.dns\[1\]: 10\.0\.0\.1 can't be asked by/,
    },
    {
      given: { network: { interfaces: [{ routes: [{ to: "10.0.0.0/8", via: "10.0.0.1" }] }] } },
      told: /^system\.network\.interfaces\[0\]\.name: is missing: `routes` is added to the connection of that name$/,
    },
    {
      given: { network: { interfaces: [bridgeOf("a"), { name: "a", mtu: 9000 }] } },
      told: /^system\.network\.interfaces\[1\]\.mtu: can't be given for an interface of a bridge/,
    },
    {
      given: { network: { interfaces: [bridgeOf("a.5"), { name: "a.5", vlan: { id: 5, link: "a" } }] } },
      told: /^system\.network\.interfaces\[0\]\.bridge: takes a VLAN; Anaconda makes bridges of network cards and bonds/,
    },
  ];
  for (const { given, told } of cases) {
    it(told.source, () => {
      const [first = "", ...others] = limitsOf(given);
      assert.match(first, told);
      assert.deepEqual(others, []);
    });
  }

  it("and all of it at once", () => {
    assert.equal(limitsOf({ disk: { layout: "raid1", fileSystem: "btrfs" }, proxy: "http://p:1" }).length, 3);
  });

  it("but not name servers of IPv4 where there is IPv4, be it by DHCP", () => {
    const dns = ["10.0.0.1", "2001:db8::1"];
    const interfaces = [{ dns }, { name: "b", dns, addresses: ["2001:db8::10/64", "10.0.0.2/24"] }];
    assert.deepEqual(limitsOf({ network: { interfaces } }), []);
  });

  it("which is nothing of the shared defaults", () => assert.deepEqual(limitsOf({}), []));
});

describe("an ISO without packages", () => {
  const boot = (title: string, version: string): Release => ({ family: "redhat", title, version, hasPackages: false });
  const told = (release: Release, given: Given = {}) =>
    redhat.releaseLimits(release, optionsOf(given).system, {}).map(({ property }) => property);

  for (const release of [boot("CentOS Stream 9", "9"), boot("AlmaLinux 8.10", "8.10"), boot("RHEL 10.0", "10.0")]) {
    it(`of ${release.title} needs a mirror`, () => {
      assert.deepEqual(told(release), ["system.mirror"]);
      assert.deepEqual(told(release, { mirror: "http://m/" }), []);
      assert.deepEqual(told({ ...release, hasPackages: true }), []);
    });
  }

  for (const release of [boot("Fedora 43", "43"), boot("AlmaLinux 10.1", "10.1"), boot("CentOS Stream 10", "10")]) {
    it(`of ${release.title} knows one`, () => assert.deepEqual(told(release), []));
  }
});

describe("what a release of EL can't do", () => {
  const el8: Release = { family: "redhat", title: "AlmaLinux 8.10", version: "8.10", hasPackages: true };
  const el10: Release = { ...el8, title: "AlmaLinux 10.1", version: "10.1" };
  const fedora: Release = { ...el8, title: "Fedora 43", version: "43" };
  const yescrypt = "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7";
  const search = { network: { interfaces: [{ search: ["lab.example"] }] } };
  const told = (release: Release, given: Given) => {
    const { redhat: own, ...system } = given;
    return redhat.releaseLimits(release, optionsOf(system).system, own ?? {}).map(({ property }) => property);
  };
  const cases: readonly [given: Given, property: string, refusing: readonly Release[]][] = [
    [{ disk: { fileSystem: "btrfs" } }, "system.disk.fileSystem", [el8, el10]],
    [search, "system.network.interfaces[0].search", [el8]],
    [{ rootPassword: yescrypt }, "system.rootPassword", [el8]],
    [{ users: [{ name: "ann", password: yescrypt }] }, "system.users[0].password", [el8]],
    [{ redhat: { weakDependencies: false } }, "redhat.weakDependencies", [el8]],
    [
      nicWith({ addresses: ["10.0.0.2/24"], routes: [{ to: "10.9.0.0/16", via: "10.0.0.1" }] }),
      `${nicPath}.routes`,
      [el8],
    ],
    [nicWith({ acceptRa: false }), `${nicPath}.acceptRa`, [el8]],
    [nicWith({ dhcp4: false }), `${nicPath}.dhcp4`, [el8]],
  ];
  for (const [given, property, refusing] of cases) {
    it(`is refused: ${property}`, () => {
      for (const release of [el8, el10, fedora])
        assert.deepEqual(told(release, given), refusing.includes(release) ? [property] : [], release.title);
    });
  }
});

describe("options of Anaconda's own", () => {
  const refused = [
    { given: { partitioning: ["reboot"] }, told: /^is not a kickstart command for partitioning/ },
    { given: { partitioning: ["prat / --passphrase=secret"] }, told: /^(?!.*secret).*is not a kickstart command/ },
    { given: { partitioning: ["part /\nreboot"] }, told: /is not a kickstart command/ },
    { given: { partitioning: ["part / --label='a"] }, told: /is not a kickstart command/ },
    { given: { excludedPackages: ["a b"] }, told: /"a b" is not a package; write it like "plymouth"/ },
    { given: { environment: "%end" }, told: /"%end" is not an environment/ },
    { given: { firewall: { ports: ["80"] } }, told: /"80" is not a port; write it like "8080:tcp"/ },
    { given: { enabledServices: ["a,b"] }, told: /"a,b" is not a service/ },
    { given: { repositories: [{ name: "a b" }] }, told: /"a b" is not a repository's name/ },
  ];
  for (const { given, told } of refused) {
    it(`are refused: ${told.source}`, () => {
      const messages = redhatOptions.safeParse(given).error?.issues.map(({ message }) => message) ?? [];
      assert.match(messages.join("\n"), told);
    });
  }
});
