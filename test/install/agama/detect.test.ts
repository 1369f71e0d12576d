import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { agama } from "../../../provider/install/agama/index";
import { detectRelease } from "../../../provider/install/index";
import { changed, factsOf } from "../../media/facts";
import { optionsOf } from "./options";

const leap = factsOf("agama/leap-16.0");

describe("an ISO of Agama", () => {
  const releases = [
    { facts: leap, title: "Leap 16.0", version: "16.0" },
    { facts: factsOf("agama/sles-16.1"), title: "SLES 16.1", version: "16.1" },
    { facts: changed(leap, { without: /products/ }), title: "Leap 16.0", version: "16.0" },
    {
      facts: { ...changed(leap, { without: /products/ }), volumeId: "Install-openSUSE-x86_64" },
      title: "openSUSE",
      version: "rolling",
    },
  ];
  for (const { facts, title, version } of releases) {
    const how = facts.texts.size === 0 ? "by its volume id" : "by its product";
    it(`of ${title} is known ${how}`, () => {
      assert.deepEqual(detectRelease(facts, "a.iso"), { family: "agama", title, version });
    });
  }

  it("is told from other live systems with the same files", () => {
    assert.throws(
      () => detectRelease({ ...leap, volumeId: "Fedora-KDE-Live-43" }, "a.iso"),
      /source: the ISO holds a live system \(Fedora-KDE-Live-43\), not an installer\. Take an ISO whose volume id/,
    );
  });

  it("without a live system is unknown", () => {
    const facts = changed(leap, { without: /squashfs/ });
    assert.throws(
      () => detectRelease(facts, "a.iso"),
      /agama \(boot\/x86_64\/loader\/linux, LiveOS\/squashfs\.img and/,
    );
  });
});

describe("a product that the ISO doesn't have", () => {
  const reported = (title: string, product: string) => {
    const { system } = optionsOf();
    const release = { family: "agama", title, version: "16" } as const;
    return agama.releaseLimits(release, system, { product }).map(({ property, reason }) => `${property} ${reason}`);
  };

  for (const [title, product] of [
    ["Leap 16.0", "openSUSE_Leap"],
    ["Leap 16.0", "Tumbleweed"],
    ["Leap 16.1", "Leap_16.0"],
    ["openSUSE Leap 16.1", "SLES"],
    ["SLES 16.1", "Leap_16.0"],
    ["SUSE SLE 16.1", "Tumbleweed"],
  ] as const)
    it(`is refused: ${product} of ${title}`, () =>
      assert.match(
        reported(title, product).join(),
        new RegExp(`^agama\\.product is ${product}, which the ISO of ${title} doesn't have; .*it has: `, "i"),
      ));

  for (const [title, product] of [
    ["Leap 16.0", "Leap_16.0"],
    ["Leap 16.1", "openSUSE_Leap"],
    ["SLES 16.1", "SLES"],
    ["SUSE SLE 16.1", "SLES_SAP"],
    ["openSUSE", "Tumbleweed"],
    ["openSUSE", "Leap_16.0"],
  ] as const)
    it(`is none of ${title}'s: ${product}`, () => assert.deepEqual(reported(title, product), []));
});

it("the remaster touches one menu of an ISO of Agama", () => {
  assert.deepEqual(agama.media(leap), {
    kernel: "boot/x86_64/loader/linux",
    initrd: "boot/x86_64/loader/initrd",
    isolinux: [],
    grub: ["boot/grub2/grub.cfg"],
    efiGrub: [],
    implantedMd5: false,
    baseArguments: [],
  });
});

describe("the stage of Agama's installation", () => {
  const lines = [
    { line: "2026-11-25T10:00:00+00:00 localhost agama-web-server[812]: Installation started", stage: "partitioning" },
    { line: "2026-11-25T10:00:00+00:00 localhost agama-web-server[812]: Installing package vim", stage: "packages" },
    {
      line: "2026-11-25T10:00:00+00:00 localhost agama-server[812]: 1 scripts to run in group post",
      stage: "finishing",
    },
    { line: "2026-11-25T10:00:00+00:00 localhost agama-server[812]: 1 scripts to run in group pre", stage: undefined },
    { line: "2026-11-25T10:00:00+00:00 localhost zypper[812]: Installing package vim", stage: undefined },
  ];
  for (const { line, stage } of lines) {
    it(`after ${JSON.stringify(line.slice(36))} is ${stage ?? "what it was"}`, () =>
      assert.equal(agama.stageOf(line), stage));
  }
});
