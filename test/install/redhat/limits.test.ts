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

describe("what Anaconda can't do is told with its path", () => {
  const cases: readonly { readonly given: Given; readonly told: RegExp }[] = [
    { given: { disk: { layout: "custom" } }, told: /^system\.disk\.layout: custom needs .*`redhat\.partitioning`$/ },
    {
      given: { redhat: { partitioning: ["autopart"] } },
      told: /^redhat\.partitioning: is of no use to the layout whole/,
    },
    { given: { disk: { layout: "raid1" } }, told: /^system\.disk\.devices: is missing: name the two disks/ },
    { given: { disk: { layout: "lvm", fileSystem: "btrfs" } }, told: /^system\.disk\.fileSystem: can't be btrfs/ },
    { given: { proxy: "http://p:1" }, told: /^system\.proxy: is of use to a `mirror` only/ },
    { given: { mirror: "http://m/", redhat: { source: "cdrom" } }, told: /^redhat\.source: can't be given with/ },
    {
      given: { redhat: { repositories: [{ name: "a" }] } },
      told: /^redhat\.repositories\[0\]: must have one of `url`/,
    },
    {
      given: { groups: ["core", "Development Tools"] },
      told: /^system\.groups\[1\]: "Development Tools" is a group's title/,
    },
    {
      given: { network: { interfaces: [{ addresses: ["10.0.0.1/24", "10.0.0.2/24"] }] } },
      told: /^system\.network\.interfaces\[0\]\.addresses: has several addresses of a kind/,
    },
    {
      given: { kernelArguments: ["quiet", "greeting=hello world"] },
      told: /^system\.kernelArguments\[1\]: "greeting=hello world" breaks .* without white space$/,
    },
    {
      given: { network: { interfaces: [{ addresses: ["2001:db8::10/64"], dns: ["2001:db8::1", "10.0.0.1"] }] } },
      told: /^system\.network\.interfaces\[0\]\.dns\[1\]: 10\.0\.0\.1 can't be asked by/,
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
