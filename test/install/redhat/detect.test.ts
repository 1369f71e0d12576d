import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { detectRelease } from "../../../provider/install/index";
import { redhat } from "../../../provider/install/redhat/index";
import { renderGrub } from "../../../provider/iso/boot-config";
import { changed, factsOf, mediaOf } from "../../media/facts";

const netinst = factsOf("redhat/fedora-43-netinst");
const dvd = factsOf("redhat/almalinux-10.1-minimal");

const releases: Readonly<Record<string, readonly [title: string, version: string]>> = {
  "redhat/almalinux-10.1-minimal": ["AlmaLinux 10.1", "10.1"],
  "redhat/almalinux-9.6-minimal": ["AlmaLinux 9.6", "9.6"],
  "redhat/centos-stream-9-boot": ["CentOS Stream 9", "9"],
  "redhat/fedora-43-netinst": ["Fedora 43", "43"],
};

describe("an ISO of Fedora, RHEL or what is built from it", () => {
  for (const media of mediaOf("redhat")) {
    it(`such as ${media} is known by its files`, () => {
      const [title, version] = releases[media] ?? [];
      const hasPackages = media.endsWith("minimal");
      assert.deepEqual(detectRelease(factsOf(media), "a.iso"), { family: "redhat", title, version, hasPackages });
    });
  }

  it("without .treeinfo has its name in the volume id", () => {
    const boot = (volumeId: string) => detectRelease({ ...netinst, volumeId }, "a.iso").title;
    assert.equal(boot("RHEL-10-0-BaseOS-x86_64"), "RHEL 43");
    assert.equal(boot("Rocky-9-4-x86_64-dvd"), "Rocky 43");
  });

  // The volume ids of osinfo-db's tables, and the names that the limits of releases look at.
  for (const [volumeId, version, title] of [
    ["RHEL-8-10-0-BaseOS-x86_64", "8.10", "RHEL 8.10"],
    ["RHEL-9-7-0-BaseOS-x86_64", "9.7", "RHEL 9.7"],
    ["OL-9-4-0-BaseOS-x86_64", "9.4", "Oracle Linux 9.4"],
    ["OL-8-10-0-BaseOS-x86_64", "8.10", "Oracle Linux 8.10"],
    ["Rocky-8-10-x86_64-dvd", "8.10", "Rocky 8.10"],
    ["Rocky-10-1-x86_64-boot", "10.1", "Rocky 10.1"],
    ["AlmaLinux-9-7-x86_64-dvd", "9.7", "AlmaLinux 9.7"],
    ["CentOS-Stream-10-BaseOS-x86_64", "10", "CentOS Stream 10"],
    ["Fedora-S-dvd-x86_64-44", "44", "Fedora 44"],
  ] as const) {
    it(`of ${volumeId} is ${title}`, () => {
      const boot = changed(netinst, { texts: { ".discinfo": `1760000000.0\n${version}\nx86_64\n` } });
      assert.equal(detectRelease({ ...boot, volumeId }, "a.iso").title, title);
    });
  }

  it("that holds a live system is told as such", () => {
    const live = changed(netinst, { without: /install\.img/, texts: { "LiveOS/squashfs.img": "" } });
    assert.throws(
      () => detectRelease(live, "a.iso"),
      /source: the ISO holds a live system \(Fedora-E-dvd-x86_64-43\).* Take a boot, minimal, netinst or DVD ISO/,
    );
  });

  it("that installs an image by ostree is refused, whatever tells it", () => {
    const variant = "[general]\nfamily = Fedora\nvariant = IoT\n";
    for (const image of [
      { ...netinst, volumeId: "Fedora-SB-ostree-x86_64-43" },
      changed(netinst, { texts: { ".treeinfo": variant } }),
    ])
      assert.throws(
        () => detectRelease(image, "a.iso"),
        /source: the ISO .* installs an image by ostree.* Take a boot/,
      );
  });

  it("with its packages in the root has them", () => {
    const packed = changed(netinst, { texts: { "repodata/repomd.xml": "" } });
    assert.equal(detectRelease(packed, "a.iso").hasPackages, true);
  });

  const old = [
    { of: netinst, version: "39", title: "Fedora 39" },
    { of: dvd, version: "7.9", title: "AlmaLinux 7.9" },
  ];
  for (const { of, version, title } of old) {
    it(`of ${title} is refused as too old`, () => {
      const facts = changed(of, { texts: { ".discinfo": `1760000000.0\n${version}\nx86_64\n` } });
      assert.throws(
        () => detectRelease(facts, "a.iso"),
        new RegExp(`source: the ISO holds ${title}, .* Take Fedora 40`),
      );
    });
  }

  const unknown = [
    { what: "of another architecture", facts: changed(dvd, { texts: { ".discinfo": "1\n10.1\naarch64\n" } }) },
    { what: "without a kernel", facts: changed(dvd, { without: /vmlinuz/ }) },
    { what: "without .discinfo", facts: changed(dvd, { without: /discinfo/ }) },
  ];
  for (const { what, facts } of unknown) {
    it(`${what} is unknown`, () => {
      assert.throws(() => detectRelease(facts, "a.iso"), /redhat \(images\/pxeboot\/vmlinuz, images\/install\.img/);
    });
  }
});

describe("what the remaster touches of such an ISO", () => {
  const [kernel, initrd] = ["images/pxeboot/vmlinuz", "images/pxeboot/initrd.img"];

  it("is, with GRUB alone, the menus of BIOS and UEFI and their copies in the EFI partition", () => {
    assert.deepEqual(redhat.media(netinst), {
      kernel,
      initrd,
      isolinux: [],
      grub: ["boot/grub2/grub.cfg", "EFI/BOOT/grub.cfg", "EFI/BOOT/BOOT.conf"],
      efiGrub: [
        { image: "appended", file: "EFI/BOOT/grub.cfg" },
        { image: "appended", file: "EFI/BOOT/BOOT.conf" },
      ],
      implantedMd5: true,
      baseArguments: ["inst.stage2=hd:LABEL=Fedora-E-dvd-x86_64-43"],
    });
  });

  it("is, where the EFI partition is a file too, both copies", () => {
    assert.deepEqual(redhat.media(dvd).efiGrub, [
      { image: "images/efiboot.img", file: "EFI/BOOT/grub.cfg" },
      { image: "appended", file: "EFI/BOOT/grub.cfg" },
    ]);
  });

  it("is, with isolinux, its menu, and the copy in the EFI image, which is a file", () => {
    const { isolinux, grub, efiGrub } = redhat.media(factsOf("redhat/almalinux-9.6-minimal"));
    assert.deepEqual(isolinux, ["isolinux/isolinux.cfg"]);
    assert.deepEqual(grub, ["EFI/BOOT/grub.cfg"]);
    assert.deepEqual(efiGrub, [{ image: "images/efiboot.img", file: "EFI/BOOT/grub.cfg" }]);
  });

  const commands = [
    { media: "redhat/almalinux-9.6-minimal", menu: "EFI/BOOT/grub.cfg", command: "linuxefi" },
    { media: "redhat/almalinux-10.1-minimal", menu: "boot/grub2/grub.cfg", command: "linux" },
    { media: "redhat/fedora-43-netinst", menu: "EFI/BOOT/BOOT.conf", command: "linux" },
  ];
  for (const { media, menu, command } of commands) {
    it(`boots, in ${menu} of ${media}, by the command ${command} as its own menu does`, () => {
      const entry = { kernel, initrds: [initrd], args: ["quiet"], landmark: "x" };
      assert.match(renderGrub(entry, factsOf(media).texts.get(menu)), new RegExp(`^ +${command} /images/`, "m"));
    });
  }

  it("names the installer's disk as udev does", () => {
    const { baseArguments } = redhat.media({ ...netinst, volumeId: "My Fedora é" });
    assert.deepEqual(baseArguments, [String.raw`inst.stage2=hd:LABEL=My\x20Fedora\x20\xc3\xa9`]);
  });
});
