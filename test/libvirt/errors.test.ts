import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CommandFailed, type ErrorCode, KvmError } from "../../provider/errors";
import { explainVirsh } from "../../provider/libvirt/errors";

const failed = (stderr: string) =>
  new CommandFailed({ command: ["virsh", "start", "web"], exitCode: 1, stdout: "", stderr });

/** What virsh prints of a failure of its own, and the cause that libvirt gives. */
const startFailed = (cause: string) => `error: Failed to start domain 'web'\nerror: ${cause}\n`;

type Case = readonly [stderr: string, code: ErrorCode, message: RegExp];

const cases: readonly Case[] = [
  [
    "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/run/libvirt/libvirt-sock': No such file or directory\n",
    "unreachable",
    /^libvirt does not answer at \/run\/libvirt\/libvirt-sock\. Start it/,
  ],
  [
    "error: Failed to connect socket to '/run/libvirt/libvirt-sock': Connection refused\n",
    "unreachable",
    /^libvirt does not answer at \/run\/libvirt\/libvirt-sock\. Start it/,
  ],
  [
    "error: Failed to connect socket to '/run/libvirt/libvirt-sock': Permission denied\n",
    "forbidden",
    /^this user may not use libvirt\. Run as root, or join the group libvirt/,
  ],
  [
    "error: authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'\n",
    "forbidden",
    /^this user may not use libvirt\./,
  ],
  [
    "error: internal error: unexpected QEMU URI path '/nowhere', try qemu:///system\n",
    "unreachable",
    /unexpected QEMU URI path '\/nowhere'.*Correct the connection URI/,
  ],
  [
    "error: Cannot recv data: Connection reset by peer\n",
    "unreachable",
    /^libvirt: Cannot recv data: Connection reset by peer\. Check that libvirtd runs/,
  ],
  [
    "error: Failed to create vol a\nerror: cannot allocate 1073741824 bytes in file '/p/a': No space left on device\n",
    "no-space",
    /^libvirt: cannot allocate 1073741824 bytes.*\. Free space in the pool's file system/,
  ],
  [
    startFailed(
      "internal error: qemu unexpectedly closed the monitor: cannot set up guest memory 'pc.ram': Cannot allocate memory",
    ),
    "no-space",
    /Give the machine less memory/,
  ],
  [
    startFailed("Cannot access storage file '/root/a.qcow2' (as uid:64055, gid:108): Permission denied"),
    "forbidden",
    /'\/root\/a\.qcow2'.*Let the user that QEMU runs as search every folder/,
  ],
  [
    "error: Failed to start network lab\nerror: internal error: Network is already in use by interface eth0\n",
    "conflict",
    /^the subnet is in use by the interface eth0\. Choose another subnet$/,
  ],
  [
    "error: internal error: bridge name 'br0' already in use.\n",
    "conflict",
    /bridge name 'br0' already in use.*Choose another bridge name$/,
  ],
  [
    "error: error creating bridge interface br0: File exists\n",
    "conflict",
    /^libvirt: error creating bridge interface br0: File exists\. Choose another bridge name$/,
  ],
  [
    "error: operation failed: domain 'web' already exists with uuid 6f1c\n",
    "conflict",
    /^libvirt: operation failed: domain 'web' already exists.*Choose another name/,
  ],
  [
    startFailed("Requested operation is not valid: network 'lab' is not active"),
    "not-found",
    /network 'lab' is not active\. Start the network/,
  ],
  [
    startFailed("invalid argument: could not get preferred machine for /usr/bin/qemu-system-x86_64 type=kvm"),
    "unsupported",
    /Set domainType to "qemu"/,
  ],
  [startFailed("operation failed: Unable to find 'efi' firmware"), "unsupported", /Install UEFI firmware on the host/],
  [
    startFailed('internal error: process exited: Failed to get "write" lock'),
    "conflict",
    /^the disk image is in use by another process\. Stop the machine that uses it$/,
  ],
  [
    "error: XML document failed to validate against schema: Unable to validate doc\n",
    "invalid-input",
    /Correct the property that libvirt names$/,
  ],
];

describe("virsh's failures in the user's words", () => {
  for (const [stderr, code, message] of cases) {
    it(`${code}: ${stderr.trim().split("\n").at(-1) ?? ""}`, () => {
      const failure = failed(stderr);
      const explained = explainVirsh(failure);
      assert.ok(explained instanceof KvmError);
      assert.equal(explained.code, code);
      assert.match(explained.message, message);
      assert.equal(explained.cause, failure);
    });
  }

  it("those that aren't known keep the command and virsh's words", () => {
    const failure = failed("error: something new\n");
    assert.equal(explainVirsh(failure), failure);
    assert.match(failure.message, /`virsh start web` failed with exit code 1: error: something new/);
  });

  it("what is no failure of a program is handed on", () => {
    const other = new TypeError("already exists");
    assert.equal(explainVirsh(other), other);
  });
});
