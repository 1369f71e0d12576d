import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { limits } from "../../../provider/install/debian/limits";
import { debianOptions } from "../../../provider/install/debian/schema";
import { checkInputs } from "../../../provider/resource/check";
import { type Given, optionsOf } from "./options";

const full = {
  suite: "trixie",
  repositories: ["security"],
  recipe: "home",
  kernelPackage: "linux-image-cloud-amd64",
  recommends: false,
  initramfs: "dep",
  lateCommands: ["true"],
};

function failuresOf(options: Readonly<Record<string, unknown>>): string[] {
  return checkInputs(debianOptions, options).failures.map(({ property, reason }) => `${property}: ${reason}`);
}

describe("the options of Debian", () => {
  it("may all be given", () => assert.deepEqual(failuresOf(full), []));
  it("may all be missing", () => assert.deepEqual(failuresOf({}), []));

  const wrong: [change: Readonly<Record<string, unknown>>, failure: string][] = [
    [{ suite: "Trixie" }, 'suite: "Trixie" is not a suite; write it like "trixie"'],
    [{ repositories: ["testing"] }, "repositories[0]: must be one of security, updates, backports"],
    [{ recipe: "mine" }, 'recipe: "mine" is neither atomic, home, multi nor an expert recipe'],
    [{ kernelPackage: "vmlinuz" }, 'kernelPackage: "vmlinuz" is not a kernel package'],
    [{ initramfs: "all" }, "initramfs: must be one of most, dep"],
    [{ lateCommands: [""] }, "lateCommands[0]: "],
    [{ sutie: "x" }, 'sutie: there is no such key; did you mean "suite"?'],
  ];
  for (const [change, failure] of wrong) {
    it(failure.split(/[;,]/, 1)[0] ?? "", () => {
      const failures = failuresOf({ ...full, ...change });
      assert.equal(failures.length, 1, failures.join("\n"));
      assert.ok(failures[0]?.startsWith(failure), failures[0]);
    });
  }

  it("take an expert recipe", () => {
    assert.deepEqual(failuresOf({ recipe: "mine :: 1024 1024 -1 ext4 $primary{ } ." }), []);
  });
});

type Nic = NonNullable<Given["network"]>["interfaces"][number];

function nics(...interfaces: Nic[]): Given {
  return { network: { interfaces } };
}

describe("what Debian's installer can't do", () => {
  const refused: [given: Given, failure: RegExp][] = [
    [{ kernelArguments: ["quiet", "a b"] }, /^system\.kernelArguments\[1\]: "a b" can't be handed on by Debian's/],
    [{ kernelArguments: ["---"] }, /^system\.kernelArguments\[0\]: "---" can't be handed on/],
    [
      { disk: { layout: "custom" } },
      /^system\.disk\.layout: custom needs the text of an expert recipe in `debian\.recipe`$/,
    ],
    [
      nics({ bond: { interfaces: ["a"], mode: "802.3ad" }, name: "b" }),
      /^system\.network\.interfaces\[0\]\.bond: Debian's installer makes no/,
    ],
    [
      nics({ mac: "52:54:00:00:00:01" }),
      /^system\.network\.interfaces\[0\]\.mac: Debian's installer finds interfaces by/,
    ],
    [
      nics({ name: "a.5", vlan: { id: 5, link: "a" } }),
      /interfaces\[0\]\.vlan: Debian's installer can't use a VLAN itself/,
    ],
    [nics({ dhcp4: false, name: "a" }), /interfaces\[0\]\.dhcp4: leaves Debian's installer without an address/],
    [
      nics({ addresses: ["10.0.0.2/24", "192.0.2.1/32"], gateway: "10.9.0.1", name: "a" }),
      /interfaces\[0\]\.gateway: 10\.9\.0\.1 is outside of 10\.0\.0\.2\/24, the installer's address/,
    ],
    [
      nics({ addresses: ["10.0.0.2/24", "10.0.0.3/24"] }),
      /interfaces\[0\]\.name: is missing: the new system is given the rest/,
    ],
    [nics({ search: ["lab.example"] }), /interfaces\[0\]\.search: is given by DHCP/],
    [nics({ name: "a", dns: ["9.9.9.9"] }), /interfaces\[0\]\.dns: is given by DHCP/],
    [
      nics({ name: "a" }, { name: "a.5", vlan: { id: 7, link: "a" } }),
      /interfaces\[1\]\.name: must be a\.7: Debian makes the VLAN that the name says/,
    ],
    [nics({ name: "a" }, { name: "lan", vlan: { id: 6, link: "a" } }), /interfaces\[1\]\.name: must be a\.6/],
    [{ keyboard: "de(nodeadkeys)" }, /^system\.keyboard: "de\(nodeadkeys\)" is unknown to Debian's installer; /],
    [
      { disk: { layout: "encrypted", passphrase: "-nnnnnnn" } },
      /^system\.disk\.passphrase: would be taken for an option by Debian's installer/,
    ],
    [{ groups: ["@development"] }, /^system\.groups\[0\]: "@development" is not a task of Debian's/],
    [{ users: [{ name: "backup" }] }, /^system\.users\[0\]\.name: "backup" is an account or a group of the system's/],
    [
      { disk: { layout: "encrypted", passphrase: " long enough" } },
      /^system\.disk\.passphrase: starts or ends with a space, which Debian's installer would remove/,
    ],
    [
      { disk: { layout: "custom" }, debian: { recipe: "a :: 1 1 1 ext4 mountpoint{/ } ." } },
      /^debian\.recipe: the part "1 1 1 ext4": "mountpoint\{\/" is not read/,
    ],
    [
      { disk: { layout: "raid1" }, debian: { recipe: `a :: ${"1 1 1 raid method{ raid } . ".repeat(2)}` } },
      /^system\.disk\.layout: must go with the recipe in `debian\.recipe`: with raid1 it has one part of method\{ raid \}/,
    ],
    [nics({}, { name: "b", dns: ["10.0.0.1"] }), /interfaces\[1\]\.dns: belongs to the first interface/],
    [nics({}, { name: "b", search: ["a"] }), /interfaces\[1\]\.search: belongs to the first interface/],
    [{ disk: { layout: "raid1" }, debian: { recipe: "multi" } }, /^system\.disk\.layout: raid1 makes one file system/],
    [
      {
        disk: { layout: "custom", passphrase: "long enough" },
        debian: { recipe: "a :: 1 1 1 ext4 mountpoint{ / } ." },
      },
      /^system\.disk\.passphrase: can't be given with the layout custom/,
    ],
  ];
  for (const [given, failure] of refused) {
    it(`is told: ${failure.source}`, () => {
      const { system, own } = optionsOf(given);
      const failures = limits(system, own).map(({ property, reason }) => `${property}: ${reason}`);
      assert.equal(failures.length, 1, failures.join("\n"));
      assert.match(failures[0] ?? "", failure);
    });
  }

  it("is nothing of the defaults", () => {
    const { system, own } = optionsOf();
    assert.deepEqual(limits(system, own), []);
  });
});
