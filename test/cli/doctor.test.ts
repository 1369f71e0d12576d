import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkLines } from "../../provider/cli/commands/doctor";
import { checksOf, type Facts } from "../../provider/cli/doctor/checks";
import { plain } from "../../provider/cli/rows/style";

const gibibytes = 2 ** 30;

const good: Facts = {
  connection: "qemu:///system",
  refusal: undefined,
  versions: "Running hypervisor: QEMU 8.2.2\nRunning against daemon: 10.0.0\n",
  canRunKvm: true,
  domainCapabilities: `<os><enum name='firmware'><value>efi</value></enum><loader><enum name='secure'><value>yes</value></enum></loader></os>`,
  xorriso: "xorriso version   :  1.5.6\n",
  missing: [],
  pool: "active",
  network: "missing",
  space: [["/var/lib/libvirt/images", "images", 10 * gibibytes]],
  pulumi: "/usr/bin/pulumi",
};

const linesFor = (facts: Partial<Facts>) => checkLines(checksOf({ ...good, ...facts }), plain);

it("a host that has everything", () => {
  assert.deepEqual(linesFor({}), [
    "✓ libvirt           qemu:///system",
    "✓ virtualisation    KVM",
    "✓ versions          libvirt 10.0.0, QEMU 8.2.2",
    "✓ firmware          BIOS and UEFI, with Secure Boot",
    "✓ pool default      active",
    "✓ network default   missing; only machines that name it need it",
    "✓ xorriso           1.5.6",
    "✓ programs          all are installed",
    "✓ space for images  10GiB free in /var/lib/libvirt/images",
    "✓ Pulumi CLI        /usr/bin/pulumi",
  ]);
});

describe("what is missing, and what to do", () => {
  for (const [title, facts, expected] of [
    [
      "no libvirt",
      { refusal: "no permission. Join the group libvirt" },
      [/^✗ libvirt +no permission\. Join/, undefined],
    ],
    ["no KVM", { canRunKvm: false }, [/^! virtualisation +the host has no KVM/, /^ +Enable virtualisation/]],
    [
      "an old libvirt",
      { versions: "Running against daemon: 8.0.0" },
      [/^✗ versions +libvirt 8\.0\.0/, /Install libvirt 9/],
    ],
    ["no UEFI", { domainCapabilities: "<os/>" }, [/^! firmware +BIOS only/, /apt-get install ovmf/]],
    ["no pool", { pool: "missing" }, [/^! pool default +missing/, /Name a `pool`/]],
    ["a stopped pool", { pool: "inactive" }, [/^! pool default +not active/, /virsh pool-start default/]],
    ["an old xorriso", { xorriso: "xorriso version : 1.5.2" }, [/^✗ xorriso +1\.5\.2/, /Install xorriso 1\.5\.4/]],
    ["no xorriso", { xorriso: undefined }, [/^✗ xorriso +missing/, /Install xorriso/]],
    [
      "programs",
      { missing: [["ssh", "openssh-client"]] },
      [/^✗ programs +missing: ssh$/, /apt-get install openssh-client/],
    ],
    [
      "space",
      { space: [["/x", "images", gibibytes / 2]] },
      [/^! space for images +512MiB free in \/x/, /may need 4GiB/],
    ],
    ["no Pulumi", { pulumi: undefined }, [/^! Pulumi CLI +missing/, /offers to install it/]],
  ] as const satisfies readonly (readonly [string, Partial<Facts>, readonly [RegExp, RegExp | undefined]])[]) {
    it(title, () => {
      const lines = linesFor(facts);
      const index = lines.findIndex((line) => !line.startsWith("✓"));
      assert.match(lines[index] ?? "", expected[0]);
      if (expected[1] !== undefined) assert.match(lines[index + 1] ?? "", expected[1]);
    });
  }
});
