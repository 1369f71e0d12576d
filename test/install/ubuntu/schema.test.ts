import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Release } from "../../../provider/install/family";
import { ubuntu } from "../../../provider/install/ubuntu/index";
import { limits } from "../../../provider/install/ubuntu/limits";
import { ubuntuOptions } from "../../../provider/install/ubuntu/schema";
import { checkInputs } from "../../../provider/resource/check";
import { type Given, optionsOf } from "./options";

const full = {
  edition: "ubuntu-server-minimal",
  updates: "all",
  snaps: [{ name: "lxd", channel: "5.21/stable", classic: true }],
  storage: { config: [] },
  userData: { packages: ["htop"] },
};

function failuresOf(options: Readonly<Record<string, unknown>>): string[] {
  return checkInputs(ubuntuOptions, options).failures.map(({ property, reason }) => `${property}: ${reason}`);
}

describe("the options of Ubuntu", () => {
  it("may all be given", () => assert.deepEqual(failuresOf(full), []));
  it("may all be missing", () => assert.deepEqual(failuresOf({}), []));

  const wrong: [change: Readonly<Record<string, unknown>>, failure: string][] = [
    [{ edition: "Ubuntu Server" }, 'edition: "Ubuntu Server" is not an edition; write it like "ubuntu-server-minimal"'],
    [{ updates: "none" }, "updates: must be one of security, all"],
    [{ snaps: [{ name: "a b" }] }, 'snaps[0].name: "a b" is not the name of a snap'],
    [{ snaps: [{ name: "lxd", chanel: "x" }] }, 'snaps[0].chanel: there is no such key; did you mean "channel"?'],
    [{ storage: [] }, "storage: must be a map, but is a list"],
    [{ userdata: {} }, 'userdata: there is no such key; did you mean "userData"?'],
  ];
  for (const [change, failure] of wrong) {
    it(failure, () => {
      const failures = failuresOf({ ...full, ...change });
      assert.equal(failures.length, 1, failures.join("\n"));
      assert.ok(failures[0]?.startsWith(failure), failures[0]);
    });
  }
});

type Nic = NonNullable<Given["network"]>["interfaces"][number];

function nics(...interfaces: Nic[]): Given {
  return { network: { interfaces } };
}

describe("what Ubuntu's installer can't do", () => {
  const refused: [given: Given, failure: RegExp][] = [
    [{ kernelArguments: ["a b"] }, /^system\.kernelArguments\[0\]: "a b" can't be handed on by Ubuntu's installer/],
    [{ disk: { layout: "raid1" } }, /^system\.disk\.devices: is missing: name the disks of raid1, such as/],
    [
      { disk: { layout: "custom" } },
      /^system\.disk\.layout: custom needs the disks' description in `ubuntu\.storage`$/,
    ],
    [{ ubuntu: { storage: {} } }, /^ubuntu\.storage: is of no use to the layout whole/],
    [
      { disk: { layout: "custom", fileSystem: "xfs" }, ubuntu: { storage: {} } },
      /^system\.disk\.fileSystem: can't be given with the layout custom/,
    ],
    [
      { disk: { fileSystem: "xfs" } },
      /^system\.disk\.fileSystem: Ubuntu's layouts are of ext4 only; for xfs, describe/,
    ],
    [{ disk: { devices: ["/dev/disk/by-id/x"] } }, /^system\.disk\.devices\[0\]: \/dev\/disk\/by-id\/x can't be used/],
    [nics({}, { name: "b" }), /^system\.network\.interfaces\[0\]\.name: is missing: of several interfaces/],
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

describe("what the installers of older releases leave out", () => {
  const release = (version: string): Release => ({ family: "ubuntu", title: `Ubuntu-Server ${version}`, version });
  const told = (version: string, given: Given) => {
    const { system, own } = optionsOf(given);
    return ubuntu.releaseLimits(release(version), system, own).map(({ property }) => property);
  };
  const encrypted: Given = { disk: { layout: "encrypted", passphrase: "open sesame" } };
  const edition: Given = { ubuntu: { edition: "ubuntu-server-minimal" } };

  for (const version of ["20.04.6", "22.04", "22.04.2", "22.10"]) {
    it(`is refused for ${version}: encryption`, () =>
      assert.deepEqual(told(version, encrypted), ["system.disk.layout"]));
  }
  for (const version of ["22.04.3", "22.04.5", "23.04", "24.04", "26.04"]) {
    it(`is nothing for ${version}`, () => assert.deepEqual(told(version, { ...encrypted, ...edition }), []));
  }
  for (const version of ["20.04.6", "22.04.1"]) {
    it(`is refused for ${version}: editions`, () => assert.deepEqual(told(version, edition), ["ubuntu.edition"]));
  }
  it("is nothing of the defaults", () => assert.deepEqual(told("20.04.6", {}), []));
});
