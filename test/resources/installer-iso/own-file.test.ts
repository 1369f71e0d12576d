import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { installerIso } from "../../../provider/resources/installer-iso/handler";
import type { Properties } from "../../../provider/resource/handler";
import { testContext } from "../../context";
import { scratchFolder, scratchHost } from "../../iso/host";

const connection = "qemu:///session";
const folder = scratchFolder();
const host = scratchHost(path.join(folder, "host"));
const source = { url: "https://example.org/own.iso", sha256: "0".repeat(64) };

/** The failures and warnings of a preview with a file of this name and text; validators' own words are left out. */
async function preview(name: string, text: string, inputs: Properties) {
  const template = path.join(folder, name);
  writeFileSync(template, text);
  const context = { ...testContext(connection, `urn:pulumi:dev::lab::kvm::${name}`), host: () => host };
  const { failures } = await installerIso.check({}, { name: "own", source, template, ...inputs }, context);
  const short = (line: string) => line.replace(`${folder}/`, "");
  return {
    failures: failures.map(({ property, reason }) => short(`${property}: ${reason}`)),
    warnings: context.said.map(short).filter((line) => !line.startsWith("the answers are not checked")),
  };
}

interface Case {
  readonly what: string;
  readonly file: string;
  readonly text: string;
  readonly inputs: Properties;
  /** The only failure; none for what is right. */
  readonly failure?: RegExp;
  /** The only warning. */
  readonly warning?: RegExp;
}

const preseed = `d-i passwd/root-password-crypted password *
d-i passwd/make-user boolean false
d-i partman-auto/method string raid
d-i partman-auto/disk string /dev/vda /dev/vdb /dev/vdc /dev/vdd
d-i partman-auto-raid/recipe string 1 4 0 ext4 /boot raidid=1 . 10 4 0 lvm - raidid=2 .
d-i partman-auto/expert_recipe string arrays :: \\
  700 700 700 raid $lvmignore{ } $primary{ } method{ raid } raidid{ 1 } . \\
  3000 9000 -1 raid $lvmignore{ } $primary{ } method{ raid } raidid{ 2 } . \\
  1500 5000 4000 ext4 $defaultignore{ } $lvmok{ } lv_name{ root } method{ format } format{ } mountpoint{ / } .
d-i partman-md/confirm boolean true
d-i partman/choose_partition select finish
d-i partman/confirm boolean true
`;

const kickstart = `text
cdrom
rootpw --lock
zerombr
clearpart --all --initlabel
part /boot/efi --fstype=efi --size=300
part pv.7 --size=4000 --grow
volgroup site pv.7
logvol / --vgname=site --name=root --size=2500
reboot --eject
%packages
@core
%end
%post
podman ps --format '{{.Names}} {{.Status}}'
%end
`;

const userData = `#cloud-config
autoinstall:
  version: 1
  identity: { username: ann, hostname: own, password: "$6$x" }
  storage:
    config:
      - { id: d0, type: disk, path: /dev/vda, ptable: gpt }
      - { id: p1, type: partition, device: d0, size: 512M, flag: boot }
      - { id: f1, type: format, volume: p1, fstype: fat32 }
      - { id: p2, type: partition, device: d0, size: -1 }
      - { id: c0, type: dm_crypt, volume: p2, key: "correct horse" }
      - { id: f2, type: format, volume: c0, fstype: ext4 }
      - { id: m2, type: mount, device: f2, path: / }
      - { id: m1, type: mount, device: f1, path: /boot/efi }
`;

const profile = `<?xml version="1.0"?>
<!DOCTYPE profile>
<profile xmlns="http://www.suse.com/1.0/yast2ns">
  <general t="map"><mode t="map"><second_stage t="boolean">false</second_stage></mode></general>
  <partitioning t="list">
    <drive t="map"><device>/dev/vda</device><partitions t="list">
      <partition t="map"><lvm_group>site</lvm_group></partition>
    </partitions></drive>
    <drive t="map"><device>/dev/site</device><type t="symbol">CT_LVM</type><partitions t="list">
      <partition t="map"><lv_name>root</lv_name><mount>/</mount></partition>
    </partitions></drive>
  </partitioning>
</profile>
`;

const agama = `{
  "product": { "id": "Leap_16.0" },
  "root": { "password": "x" },
  "storage": {
    "drives": [{ "search": "/dev/vda", "alias": "first" }, { "search": "/dev/vdb", "alias": "second" }],
    "volumeGroups": [{ "name": "site", "physicalVolumes": [{ "generate": ["first", "second"] }] }]
  }
}
`;

const [debian, redhat, ubuntu, suse] = [{ debian: {} }, { redhat: {} }, { ubuntu: {} }, { suse: {} }];

const cases: readonly Case[] = [
  { what: "a preseed with arrays on four disks", file: "a.cfg", text: preseed, inputs: debian },
  { what: "a preseed with Windows line ends", file: "w.cfg", text: preseed.replaceAll("\n", "\r\n"), inputs: debian },
  {
    what: "a recipe with a slip",
    file: "b.cfg",
    text: preseed.replace("mountpoint{ / }", "mountpoint{/ }"),
    inputs: debian,
    failure: /^template: b\.cfg:6: the recipe: the part "1500 5000 4000 ext4": "mountpoint\{\/" is not read/,
  },
  {
    what: "a question that nothing answers",
    file: "c.cfg",
    text: preseed.replace("d-i partman/confirm boolean true\n", ""),
    inputs: debian,
    warning: /^c\.cfg: no line answers partman\/confirm, and the installer may wait for it$/,
  },
  {
    what: "a file that isn't in the installer",
    file: "d.cfg",
    text: `${preseed}d-i preseed/include string more.cfg\n`,
    inputs: debian,
    failure: /^template: d\.cfg:13: preseed\/include names more\.cfg, which the installer doesn't have/,
  },
  {
    what: "a space after a backslash",
    file: "e.cfg",
    text: preseed.replace(":: \\\n", ":: \\ \n"),
    inputs: debian,
    failure: /^template: e\.cfg:6: has a space after its backslash/,
  },
  {
    what: "an early command without the script that the options need",
    file: "f.cfg",
    text: `${preseed}d-i partman/early_command string true\n`,
    inputs: { ...debian, system: { scripts: { before: ["true"] } } },
    failure:
      /^template: f\.cfg:13: must run `sh \/kvm-deploy\/before-partitioning`, too, which runs `system\.scripts\.be/,
  },
  {
    what: "the disks of a whole file, which only name what may be erased",
    file: "g.cfg",
    text: preseed,
    inputs: { ...debian, system: { disk: { devices: ["/dev/vdb"] } } },
  },
  {
    what: "an option that a whole file must say itself",
    file: "g.cfg",
    text: preseed,
    inputs: { ...debian, system: { hostname: "web", users: [{ name: "ann" }] } },
    failure: /^system\.hostname: has no effect: g\.cfg is taken as it is, .*; leave the option out$/,
  },
  { what: "a kickstart file with braces and a reboot", file: "a.ks", text: kickstart, inputs: redhat },
  {
    what: "a kickstart file from before UEFI",
    file: "b.ks",
    text: kickstart.replace(/^part \/boot\/efi.*\n/m, ""),
    inputs: redhat,
    warning: /^b\.ks: makes no partition for UEFI, .*write reqpart, or part \/boot\/efi/,
  },
  {
    what: "a volume group of nothing",
    file: "c.ks",
    text: kickstart.replace("volgroup site pv.7", "volgroup site pv.8"),
    inputs: redhat,
    failure: /^template: c\.ks:8: volgroup names pv\.8, which no command makes; add `part pv\.8 …`$/,
  },
  {
    what: "a kickstart file whose partitions a script writes",
    file: "d.ks",
    text: kickstart.replace(/^part[^]*?^logvol.*$/m, "%include /tmp/site.ks"),
    inputs: redhat,
  },
  {
    what: "a kickstart file with Windows line ends",
    file: "e.ks",
    text: kickstart.replaceAll("\n", "\r\n"),
    inputs: redhat,
    failure: /^template: e\.ks:1: ends as on Windows/,
  },
  {
    what: "braces in a template",
    file: "f.ks.hbs",
    text: kickstart,
    inputs: redhat,
    failure:
      /^template: f\.ks\.hbs:15: .* write \\\{\{ for braces that are to stay, or give a file whose name doesn't end in/,
  },
  { what: "a cloud-config with a storage section", file: "a.yaml", text: userData, inputs: ubuntu },
  {
    what: "an action that names no other",
    file: "b.yaml",
    text: userData.replace("volume: p2", "volume: p3"),
    inputs: ubuntu,
    failure:
      /^template: b\.yaml:11: autoinstall\.storage\.config\[4\]\.volume: no action has the id "p3"; did you mean "/,
  },
  {
    what: "a storage that UEFI can't boot",
    file: "c.yaml",
    text: userData.replace(/^.*boot\/efi.*\n/m, ""),
    inputs: ubuntu,
    warning: /^c\.yaml:\d+: no action mounts \/boot\/efi, which a machine with `firmware: uefi` can't boot without$/,
  },
  { what: "a profile of AutoYaST", file: "a.xml", text: profile, inputs: suse },
  {
    what: "a volume group without a partition",
    file: "b.xml",
    text: profile.replace("<lvm_group>site", "<lvm_group>sit"),
    inputs: suse,
    failure: /^template: b\.xml:5: partitioning: no partition belongs to the volume group "site"/,
  },
  {
    what: "a second stage",
    file: "c.xml",
    text: profile.replace(">false</second_stage>", ">true</second_stage>"),
    inputs: suse,
    warning: /^c\.xml:4: the second stage of YaST runs when the new system starts/,
  },
  { what: "a profile of Agama, without `agama.product`", file: "a.json", text: agama, inputs: { agama: {} } },
  {
    what: "Jsonnet",
    file: "b.jsonnet",
    text: "// Ours\nlocal name = 'site';\n{ product: { id: name } }\n",
    inputs: { agama: {} },
    failure: /^template: b\.jsonnet:1: is Jsonnet, .*`jsonnet FILE > profile\.json`/,
  },
  {
    what: "Jsonnet under another name",
    file: "c.json",
    text: "{\n  product: { id: 'x' },\n}\n",
    inputs: { agama: {} },
    failure: /^template: c\.json:1: is Jsonnet/,
  },
  {
    what: "an alias of nothing",
    file: "d.json",
    text: agama.replace('["first", "second"]', '["first", "third"]'),
    inputs: { agama: {} },
    failure:
      /^template: d\.json:6: storage\.volumeGroups\[0\]\.physicalVolumes\[0\]\.generate\[1\]: nothing has the alias "third"/,
  },
  {
    what: "a search that finds nothing",
    file: "e.json",
    text: agama.replace('"/dev/vda"', '"vda"'),
    inputs: { agama: {} },
    failure: /^template: e\.json:5: storage\.drives\[0\]\.search: "vda" is not a device; write "\/dev\/vda"$/,
  },
  {
    what: "questions for a user",
    file: "f.json",
    text: agama.replace("{\n", '{\n  "questions": { "policy": "user" },\n'),
    inputs: { agama: {} },
    failure: /^template: f\.json:2: questions\.policy: must be "auto", because an unattended/,
  },
];

describe("a whole file of the user's own, at preview:", () => {
  for (const { what, file, text, inputs, failure, warning } of cases) {
    it(what, async () => {
      const { failures, warnings } = await preview(file, text, inputs);
      requireOnly(failures, failure);
      requireOnly(warnings, warning);
    });
  }
});

function requireOnly(lines: readonly string[], expected: RegExp | undefined): void {
  assert.equal(lines.length, expected === undefined ? 0 : 1, lines.join("\n"));
  if (expected !== undefined) assert.match(lines[0] ?? "", expected);
}

const typed: readonly (Pick<Case, "what" | "inputs"> & { readonly failure: RegExp })[] = [
  {
    what: "kickstart commands",
    inputs: {
      system: { disk: { layout: "custom" } },
      redhat: { partitioning: ["part /boot --size=1", "raid / --level=1 --device=root raid.1 raid.2"] },
    },
    failure: /^redhat\.partitioning\[1\]: raid names raid\.1, which no command makes/,
  },
  {
    what: "curtin's actions",
    inputs: {
      system: { disk: { layout: "custom" } },
      ubuntu: { storage: { config: [{ id: "m", type: "mount", device: "f", path: "/" }] } },
    },
    failure: /^ubuntu\.storage\.config\[0\]\.device: no action has the id "f"/,
  },
  {
    what: "Agama's storage",
    inputs: {
      system: { disk: { layout: "custom" } },
      agama: { product: "SLES", storage: { drives: [{ search: "sda" }] } },
    },
    failure: /^agama\.storage\.drives\[0\]\.search: "sda" is not a device/,
  },
];

describe("a description of disks among the options is read, too:", () => {
  for (const { what, inputs, failure } of typed) {
    it(what, async () => {
      const context = { ...testContext(connection), host: () => host };
      const { failures } = await installerIso.check({}, { name: "own", source, ...inputs }, context);
      assert.match(failures.map(({ property, reason }) => `${property}: ${reason}`)[0] ?? "", failure);
    });
  }
});
