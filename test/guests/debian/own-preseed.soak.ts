import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { it } from "node:test";
import { installerIso } from "../../../provider/resources/installer-iso/handler";
import { machine } from "../../../provider/resources/machine/handler";
import { network } from "../../../provider/resources/network/handler";
import { volume } from "../../../provider/resources/volume/handler";
import { emulated, emulatedVcpus } from "../../../tools/demo/site";
import { testContext } from "../../context";
import { scratchFolder } from "../../iso/host";
import { debianIso, site } from "../../site";

const { connection, host } = site();

/** As people keep it: it answers nothing that is only kvm-deploy's, and ends with the installer's own reboot. */
const preseed = String.raw`# Our servers
d-i debian-installer/locale string en_US.UTF-8
d-i keyboard-configuration/xkb-keymap select us
d-i netcfg/choose_interface select auto
d-i netcfg/get_hostname string own
d-i netcfg/get_domain string lab.example
d-i hw-detect/load_firmware boolean false
d-i hw-detect/firmware-lookup string never

d-i mirror/country string manual
d-i mirror/protocol string http
d-i mirror/http/hostname string 172.16.1.1:8080
d-i mirror/http/directory string /debian
d-i mirror/http/proxy string

d-i passwd/root-password-crypted password *
d-i passwd/make-user boolean false
d-i clock-setup/ntp boolean false
d-i time/zone string Europe/Vienna

d-i partman-auto/method string lvm
d-i partman-auto-lvm/guided_size string max
d-i partman-lvm/confirm boolean true
d-i partman-lvm/confirm_nooverwrite boolean true
d-i partman-lvm/device_remove_lvm boolean true
d-i partman-auto/expert_recipe string hardened :: \
  300 300 300 ext4 $primary{ } $bootable{ } method{ format } format{ } \
    use_filesystem{ } filesystem{ ext4 } mountpoint{ /boot } . \
  500 2000 -1 ext4 $defaultignore{ } $primary{ } method{ lvm } vg_name{ site } . \
  1200 2000 -1 ext4 $lvmok{ } in_vg{ site } lv_name{ root } method{ format } format{ } \
    use_filesystem{ } filesystem{ ext4 } mountpoint{ / } . \
  200 200 200 ext4 $lvmok{ } in_vg{ site } lv_name{ home } method{ format } format{ } \
    use_filesystem{ } filesystem{ ext4 } mountpoint{ /home } options/nodev{ nodev } .
d-i partman-basicfilesystems/no_swap boolean false
d-i partman-partitioning/confirm_write_new_label boolean true
d-i partman/choose_partition select finish
d-i partman/confirm boolean true
d-i partman/confirm_nooverwrite boolean true

d-i base-installer/install-recommends boolean false
d-i base-installer/kernel/image string linux-image-cloud-amd64
d-i base-installer/initramfs-tools/driver-policy select dep
d-i apt-setup/use_mirror boolean true
d-i apt-setup/cdrom/set-first boolean false
d-i apt-setup/services-select multiselect
d-i apt-setup/non-free-firmware boolean false
d-i apt-setup/enable-source-repositories boolean false
d-i pkgsel/run_tasksel boolean false
d-i pkgsel/upgrade select none
d-i grub-installer/only_debian boolean true
d-i grub-installer/bootdev string default
d-i preseed/late_command string { echo "own: $(cat /target/etc/hostname)"; sed 's/^/own: /' /target/etc/fstab; } >/dev/ttyS1
`;

/** Installs a machine by the preseed file on a disk of this size, then removes all of it. */
async function install(
  size: string,
  look: (installing: Promise<unknown>, readLog: () => Promise<string>) => Promise<void>,
) {
  const file = path.join(scratchFolder(), "own.cfg");
  writeFileSync(file, preseed);
  const context = testContext(connection, "urn:pulumi:test::test::kvm::own");
  const { kernelArguments } = emulated.system;
  const system = { kernelArguments, scripts: { before: ["echo own: before >/dev/ttyS1"] } };
  const inputs = { connection, name: "own", source: await debianIso(host.files), template: file, system };
  const { failures, inputs: checked } = await installerIso.check({}, inputs, context);
  assert.deepEqual(failures, []);
  const ipv4 = { subnet: "172.16.1.0/24", dhcp: { ranges: [{ start: "172.16.1.100", end: "172.16.1.200" }] } };
  const lab = await network.create({ connection, name: "own-lab", mode: "nat", ipv4 }, context);
  const iso = await installerIso.create(checked, context);
  const disk = await volume.create({ connection, name: "own", size }, context);
  const guest = {
    ...{ connection, name: "own", memory: "1GiB", vcpus: emulatedVcpus, installer: iso.id },
    ...{ disks: [{ volume: disk.id, cache: "unsafe" }], nics: [{ network: "own-lab" }] },
  };
  try {
    await look(machine.create(guest, context), async () => {
      return (await host.files.readTextIfPresent(`${host.directories.consoles}/own.installer.log`)) ?? "";
    });
  } finally {
    const entry = await host.libvirt.find("domain", "own");
    if (entry !== undefined) await machine.delete(entry.uuid, { ...guest, macAddresses: [] }, context);
    await volume.delete(disk.id, disk.outputs, context);
    await installerIso.delete(iso.id, { ...checked, ...iso.outputs }, context);
    await network.delete(lab.id, { ...lab.outputs, connection, name: "own-lab" }, context);
  }
}

it("a disk that the recipe of a user's own preseed doesn't fit on ends the installation with both sizes", () =>
  install("1GiB", async (installing) => {
    await assert.rejects(installing, /failed: the disk has 1073 MB, and the recipe needs 2200 MB/);
  }));

it("a whole preseed of the user's own installs, and its reboot is the end", () =>
  install("3GiB", async (installing, readLog) => {
    await installing;
    const log = await readLog();
    const own = [...log.matchAll(/^own: (.*?)\r?$/gm)].map(([, text]) => text ?? "");
    assert.equal(own[0], "before");
    assert.equal(own[1], "own");
    const mounts = own
      .map((line) => line.split(/\s+/))
      .map(([device, place, , options]) => ({ device, place, options }));
    assert.equal(mounts.find(({ place }) => place === "/")?.device, "/dev/mapper/site-root");
    assert.equal(mounts.find(({ place }) => place === "/home")?.options, "nodev");
    assert.match(log, /kvm-deploy: installed /);
  }));
