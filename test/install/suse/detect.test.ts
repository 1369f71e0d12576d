import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { detectRelease } from "../../../provider/install/index";
import { suse } from "../../../provider/install/suse/index";
import { renderGrub } from "../../../provider/iso/boot-config";
import { changed, factsOf } from "../../media/facts";
import { optionsOf } from "./options";

const leap = factsOf("suse/leap-15.6");
/** The online ISO; the full one has modules in addition. */
const sles = factsOf("suse/sles-15-sp7");
const full = changed(sles, { texts: { "Module-Basesystem/media.1/products": "" } });

describe("an ISO of Leap 15 or SLES 15", () => {
  it("is known by its files", () => {
    assert.deepEqual(detectRelease(leap, "a.iso"), { family: "suse", title: "openSUSE Leap 15.6", version: "15.6" });
    const online = { family: "suse", title: "SLE 15.7", version: "15.7", hasPackages: false };
    assert.deepEqual(detectRelease(sles, "a.iso"), online);
    assert.deepEqual(detectRelease(full, "a.iso"), { ...online, hasPackages: true });
  });

  it("of SLE needs a registration if it has no modules", () => {
    const { system } = optionsOf();
    const reported = (facts: typeof sles, own: unknown = {}) =>
      suse
        .releaseLimits(detectRelease(facts, "a.iso"), system, own)
        .map(({ property, reason }) => `${property} ${reason}`);
    assert.deepEqual(reported(sles), [
      "suse.registration is missing: the online ISO of SLE 15.7 has no packages; give a registration code, or take the full ISO",
    ]);
    assert.deepEqual(reported(sles, { registration: { code: "CODE" } }), []);
    assert.deepEqual(reported(sles, { repositories: [{ url: "https://rmt.example/" }] }), []);
    assert.deepEqual([reported(full), reported(leap)], [[], []]);
  });

  const releaseOf = (product: string) =>
    detectRelease(changed(leap, { texts: { "media.1/products": `/ ${product}\n` } }), "a.iso");

  for (const product of ["SLES12-SP5 12.5-0", "SLE 15-0", "SLE 15.2-0", "openSUSE-Leap 15.2-1"]) {
    it(`of an older release is refused: ${product}`, () => {
      const title = product.replaceAll("-", " ").slice(0, -2);
      assert.throws(
        () => releaseOf(product),
        (error: Error) =>
          error.message.includes(`source: the ISO holds ${title}, whose installer takes older answers`) &&
          error.message.includes("Take openSUSE Leap 15.3 or SLES 15 SP3, or a later release"),
      );
    });
  }

  it("is taken from the third on", () => {
    assert.equal(releaseOf("SLE 15.3-0").version, "15.3");
    assert.equal(releaseOf("openSUSE-Leap 15.10-0").version, "15.10");
  });

  for (const [products, title] of [
    ["openSUSE 20261128-0", "openSUSE 20261128"],
    ["openSUSE-MicroOS 20261128-0", "openSUSE MicroOS 20261128"],
  ] as const) {
    it(`of ${title} is refused, for its YaST is another`, () => {
      const facts = changed(leap, { texts: { "media.1/products": `/ ${products}\n` } });
      assert.throws(
        () => detectRelease(facts, "a.iso"),
        new RegExp(`source: the ISO holds ${title}, whose YaST is not`),
      );
    });
  }

  const unknown = [
    { what: "without a product", facts: changed(leap, { without: /products/ }) },
    { what: "with another boot loader", facts: changed(leap, { without: /isolinux\.cfg/ }) },
    { what: "whose product can't be read", facts: changed(leap, { texts: { "media.1/products": "Leap\n" } }) },
  ];
  for (const { what, facts } of unknown) {
    it(`${what} is unknown`, () => {
      assert.throws(
        () => detectRelease(facts, "a.iso"),
        /suse \(media\.1\/products and boot\/x86_64\/loader\/isolinux\.cfg\)/,
      );
    });
  }
});

describe("what the remaster touches of such an ISO", () => {
  it("is the menus of BIOS and UEFI, and the copy in the EFI image", () => {
    assert.deepEqual(suse.media(leap), {
      kernel: "boot/x86_64/loader/linux",
      initrd: "boot/x86_64/loader/initrd",
      isolinux: ["boot/x86_64/loader/isolinux.cfg"],
      grub: ["EFI/BOOT/grub.cfg"],
      efiGrub: [{ image: "boot/x86_64/efi", file: "EFI/BOOT/grub.cfg" }],
      implantedMd5: false,
      baseArguments: ["splash=silent"],
    });
  });

  it("boots by the commands that the menu had", () => {
    const entry = { kernel: "k", initrds: ["i"], args: [], landmark: "x" };
    const commandOf = (facts: typeof leap) =>
      /^ +(linux\w*) /m.exec(renderGrub(entry, facts.texts.get("EFI/BOOT/grub.cfg")))?.[1];
    assert.deepEqual([commandOf(leap), commandOf(sles)], ["linux", "linuxefi"]);
  });
});

describe("the stage of YaST's installation", () => {
  const lines = [
    {
      line: "2026-01-01 10:00:00 <1> install(2817) [Ruby] yast/wfm.rb:341 Call client inst_prepdisk",
      stage: "partitioning",
    },
    { line: "… Call client /usr/share/YaST2/clients/inst_rpmcopy.rb", stage: "packages" },
    { line: "… Call client bootloader_finish", stage: "boot loader" },
    { line: "… Call client inst_unheard_of", stage: undefined },
    { line: "… inst_prepdisk", stage: undefined },
  ];
  for (const { line, stage } of lines) {
    it(`after ${JSON.stringify(line.slice(-40))} is ${stage ?? "what it was"}`, () =>
      assert.equal(suse.stageOf(line), stage));
  }
});
