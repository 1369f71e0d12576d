import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { z } from "zod";
import { familyOf, type FamilyId } from "../../../provider/install/index";
import { systemOptions } from "../../../provider/install/shared/system";
import { earlyNetwork } from "../../../provider/install/shared/unlock/early-network";
import { handOverFiles } from "../../../provider/install/shared/hand-over";
import { unlockFiles } from "../../../provider/install/shared/unlock/files";
import { checkInputs } from "../../../provider/resource/check";

type System = z.input<typeof systemOptions>;
type Interface = NonNullable<System["network"]>["interfaces"][number];

const passphrase = "correct horse";
const thumbprint = "A".repeat(43);
const server = { url: "http://tang.example", thumbprint };
const disk = (unlock: unknown) => ({ layout: "encrypted", passphrase, unlock });
const byTang = (change: Partial<Interface> = {}, rest: System = {}): System => ({
  disk: { layout: "encrypted", passphrase, unlock: { tang: [server] } },
  network: { interfaces: [{ name: "enp1s0", addresses: ["172.16.1.10/24"], ...change }] },
  ...rest,
});

describe("what opens an encrypted disk", () => {
  const failuresOf = (given: unknown) =>
    checkInputs(systemOptions, { disk: given }).failures.map(({ property, reason }) => `${property}: ${reason}`);
  const tang = (change: object) => disk({ tang: [{ ...server, ...change }] });

  for (const [given, told] of [
    [disk({ tpm2: true }), undefined],
    [disk({ tpm2: { pcrs: [7, 0] }, tang: [server], threshold: 2 }), undefined],
    [disk({ tpm2: false }), /^disk\.unlock: names neither `tpm2` nor `tang`; give one of them/],
    [{ layout: "lvm", unlock: { tpm2: true } }, /^disk\.unlock: is of no use to the layout lvm; leave it out, or/],
    [disk({ tpm2: "yes" }), /^disk\.unlock\.tpm2: must be/],
    [disk({ tpm2: { pcrs: [] } }), /^disk\.unlock\.tpm2\.pcrs: is empty; write `tpm2: true` for none/],
    [disk({ tpm2: { pcrs: [4] } }), /pcrs\[0\]: 4 is not a register that keeps its value .*; there are 0, 2, 3, 7$/],
    [disk({ tpm2: true, threshold: 2 }), /^disk\.unlock\.threshold: is 2, but there are 1 to open the disk; give 1/],
    [disk({ tang: [server, server] }), /^disk\.unlock\.tang\[1\]\.thumbprint: is that of a server before it/],
    [disk({ tang: [{ url: server.url }] }), /^disk\.unlock\.tang\[0\]\.thumbprint: is missing/],
    [tang({ thumbprint: "sha1".padEnd(27, "A") }), /thumbprint: must be a SHA-256 thumbprint, .*`tang-show-keys`/],
    [tang({ url: "https://tang.example" }), /^disk\.unlock\.tang\[0\]\.url: is not a URL by http; write it like/],
    [tang({ url: "http://ann:hunter2@tang.example" }), /^(?!.*hunter2)disk\.unlock\.tang\[0\]\.url: must have neither/],
    [tang({ url: "ann:hunter2@tang" }), /^(?!.*hunter2)disk\.unlock\.tang\[0\]\.url: is not a URL by http/],
  ] as const)
    it(`is ${told === undefined ? "taken" : "refused"}: ${JSON.stringify(given).slice(0, 120)}`, () => {
      const failures = failuresOf(given);
      if (told === undefined) assert.deepEqual(failures, []);
      else assert.match(failures.join("; "), told);
    });

  it("is one policy of clevis, in files for root only; the passphrase is in no other file", () => {
    const files = unlockFiles(
      systemOptions.parse({ disk: disk({ tpm2: { pcrs: [7, 0] }, tang: [server], threshold: 2 }) }),
    );
    const contentOf = (name: string) => files.find(({ path }) => path.endsWith(`unlock/${name}`))?.content;
    assert.equal(contentOf("pin"), "sss\n");
    assert.deepEqual(JSON.parse(String(contentOf("config"))), {
      t: 2,
      pins: {
        tpm2: {},
        tang: [{ url: "http://tang.example", thp: thumbprint }],
      },
    });
    assert.ok(files.every(({ mode }) => (mode & 0o077) === 0));
    const holding = files.filter(({ content }) => String(content).includes(passphrase)).map(({ path }) => path);
    assert.deepEqual(holding, ["new-system/unlock/passphrase"]);
    assert.deepEqual(unlockFiles(systemOptions.parse({})), []);
  });

  it("is sealed to registers by the first script of the first start, and without registers by none", () => {
    const scriptsWith = (tpm2: object | true) => {
      const scripts = { firstBoot: ["echo of the user"] };
      const system = systemOptions.parse({ disk: disk({ tpm2, tang: [server] }), scripts });
      return handOverFiles(system, "mark").flatMap(({ path, content }) =>
        path.includes("first-boot/scripts/") ? [String(content)] : [],
      );
    };
    assert.equal(scriptsWith(true).length, 1);
    const [seal = "", user] = scriptsWith({ pcrs: [7, 0] });
    assert.equal(user, "echo of the user\n");
    assert.ok(!seal.includes(passphrase));
    const [, pin, config = ""] = /^pin=(\w+)\nconfig='(.*)'$/m.exec(seal) ?? [];
    assert.equal(pin, "sss");
    const tang = [{ url: "http://tang.example", thp: thumbprint }];
    assert.deepEqual(JSON.parse(config), { t: 1, pins: { tpm2: { pcr_bank: "sha256", pcr_ids: "0,7" }, tang } });
  });
});

describe("the network that reaches a Tang server before the disk is open", () => {
  const of = (given: System) => earlyNetwork(systemOptions.parse(given));

  for (const [what, given, expected] of [
    ["any card by DHCP", { kernelArguments: [] }, ["", "", "rd.neednet=1 ip=dhcp"]],
    ["the user's own", byTang({}, { kernelArguments: ["ip=enp1s0:dhcp"] }), ["", "", "rd.neednet=1"]],
    [
      "an address with all that belongs to it",
      byTang({ gateway: "172.16.1.1", dns: ["172.16.1.1", "2001:db8::1", "9.9.9.9"] }),
      [
        "enp1s0",
        "172.16.1.10::172.16.1.1:255.255.255.0::CARD:off:172.16.1.1:9.9.9.9",
        "rd.neednet=1 ip=172.16.1.10::172.16.1.1:255.255.255.0::CARD:none nameserver=172.16.1.1 nameserver=9.9.9.9",
      ],
    ],
    [
      "by router advertisements where there is no IPv4",
      byTang({ addresses: [], dhcp4: false, acceptRa: true }),
      ["enp1s0", ":::::CARD:dhcp", "rd.neednet=1 ip=CARD:auto6"],
    ],
    [
      "an address without a card's name",
      { network: { interfaces: [{ addresses: ["172.16.1.10/24"] }] } },
      ["", "172.16.1.10:::255.255.255.0:::off", "rd.neednet=1 ip=172.16.1.10:::255.255.255.0:::none"],
    ],
  ] as const satisfies readonly (readonly [string, System, readonly string[]])[])
    it(`is ${what}`, () => {
      const { card, initramfsTools, dracut } = of(given);
      assert.deepEqual([card, initramfsTools, dracut], expected);
    });

  const refusals = (family: FamilyId, given: System) =>
    familyOf(family)
      .limits(systemOptions.parse(given), {})
      .filter(({ property }) => property.startsWith("system.disk.unlock"))
      .map(({ reason }) => reason)
      .join("; ");
  const ipv6 = byTang({ addresses: ["2001:db8::10/64"] });
  const onLink = byTang({ addresses: ["192.0.2.10/32"], gateway: "10.77.0.1" });
  const bridge = byTang({ name: "br0", bridge: { interfaces: ["enp1s0"] } });
  for (const [family, given, told] of [
    ["debian", byTang(), /^$/],
    ["ubuntu", byTang(), /^$/],
    ["redhat", ipv6, /^$/],
    ["debian", ipv6, /by IPv6, which initramfs-tools doesn't know: give an address of IPv4, or say how by an `ip=`/],
    ["redhat", bridge, /no bonds, bridges and VLANs: name an interface that is a network card and has an address, or/],
    ["redhat", { ...bridge, kernelArguments: ["ip=enp1s0:dhcp"] }, /^$/],
    ["ubuntu", byTang({ mac: "52:54:00:00:00:01" }), /gets another name later: give its `name` or its `mac`/],
    ["ubuntu", onLink, /the gateway 10\.77\.0\.1 is outside of 192\.0\.2\.10\/32; give one within, or say/],
    ["suse", byTang(), /isn't carried out with AutoYaST.*; leave it out, and bind/],
    ["agama", byTang(), /isn't carried out with Agama.*; leave it out, or take the layout custom, with `tpmFde`/],
  ] as const satisfies readonly (readonly [FamilyId, System, RegExp])[])
    it(`is ${told.source === "^$" ? "there" : "refused"} in ${family}: ${told.source.slice(0, 60)}`, () =>
      assert.match(refusals(family, given), told));

  const released = (title: string, version: string, url = server.url) => {
    const system = systemOptions.parse({ disk: disk({ tang: [{ ...server, url }] }) });
    const own = { repositories: [] };
    const limits = familyOf("debian").releaseLimits({ family: "debian", title, version }, system, own);
    return limits.map(({ property, reason }) => `${property}: ${reason}`).join("; ");
  };
  it("depends on the release of Debian and Devuan", () => {
    assert.equal(released("Debian GNU/Linux 13.2.0", "13.2.0"), "");
    assert.equal(released("Kali GNU/Linux 2026.3", "2026.3"), "");
    assert.match(
      released("Debian GNU/Linux 12.11.0", "12.11.0"),
      /^system\.disk\.unlock\.tang\[0\]\.url: names a host/,
    );
    assert.match(released("Devuan GNU/Linux 5.0.1", "5.0.1"), /^system\.disk\.unlock\.tang\[0\]\.url: names a host/);
    assert.equal(released("Debian GNU/Linux 12.11.0", "12.11.0", "http://192.0.2.1:7500"), "");
    assert.equal(released("Devuan GNU/Linux 5.0.1", "5.0.1", "http://[2001:db8::1]"), "");
    assert.match(released("Debian GNU/Linux 11.11.0", "11.11.0"), /^system\.disk\.unlock: needs Debian 12 or later/);
  });
});
