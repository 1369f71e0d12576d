import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { connectionProblem } from "../../provider/libvirt/uri";

describe("a connection URI", () => {
  for (const uri of [
    "qemu:///system",
    "qemu:///session",
    "qemu+unix:///system",
    "qemu:///system?socket=/run/libvirt/other-sock",
    "qemu+unix:///session?socket=/tmp/sock",
  ]) {
    it(`${uri} can be used`, () => assert.equal(connectionProblem(uri), undefined));
  }

  for (const uri of [
    "",
    "qemu",
    "qemu:///",
    "xen:///system",
    "test:///default",
    "qemu:///system ",
    "QEMU:///system",
    "qemu:///system?socket=relative",
    "qemu:///system?socket=/a&mode=legacy",
    "qemu:///system\n--help",
  ]) {
    it(`${JSON.stringify(uri)} is refused, with what to write`, () => {
      const problem = connectionProblem(uri) ?? "";
      assert.ok(problem.startsWith(`"${uri}" is not a connection of a local QEMU; write "qemu:///system"`), problem);
    });
  }

  for (const uri of ["qemu+ssh://root@kvm1/system", "qemu+libssh2://kvm1/system", "qemu+tls://kvm1/system"]) {
    it(`${uri} is refused as another machine's`, () =>
      assert.match(connectionProblem(uri) ?? "", /is on another machine, which this release can't manage yet; run it/));
  }
});
