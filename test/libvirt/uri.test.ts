import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { canonicalConnection, connectionProblem } from "../../provider/libvirt/uri";

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

describe("the canonical spelling", () => {
  const resolve = (file: string) => file.replace(/^\/var\/run\//, "/run/");
  const root = { isRoot: true, resolve };
  const user = { isRoot: false, resolve };

  for (const uri of [
    "qemu:///system",
    "qemu+unix:///system",
    "qemu:///system?socket=/run/libvirt/libvirt-sock",
    "qemu+unix:///system?socket=/var/run/libvirt/libvirt-sock",
    "qemu:///system?socket=/run/libvirt/libvirt%2Dsock",
    "qemu:///system?socket=/run/libvirt/virtqemud-sock",
    "qemu:///session?socket=/run/libvirt/libvirt-sock",
  ]) {
    it(`of ${uri} is the system's`, () => {
      assert.equal(canonicalConnection(uri, root), "qemu:///system");
      assert.equal(canonicalConnection(uri, user), "qemu:///system");
    });
  }

  it("keeps a user's own libvirt apart from the system's, which root has alone", () => {
    for (const uri of ["qemu:///session", "qemu+unix:///session"]) {
      assert.equal(canonicalConnection(uri, user), "qemu:///session");
      assert.equal(canonicalConnection(uri, root), "qemu:///system");
    }
    assert.equal(canonicalConnection("qemu:///session?socket=/tmp/sock", user), "qemu:///session?socket=/tmp/sock");
  });

  it("of another socket names it", () => {
    const canonical = "qemu:///system?socket=/run/other/100%25-sock";
    assert.equal(canonicalConnection("qemu+unix:///system?socket=/var/run/other/100%25-sock", root), canonical);
    assert.equal(canonicalConnection(canonical, root), canonical);
  });

  it("of another machine's, or of none at all, is as it is", () => {
    for (const uri of ["qemu+ssh://root@kvm1/system", "test:///default", ""])
      assert.equal(canonicalConnection(uri, root), uri);
  });
});
