import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { canonicalConnection, connectionProblem } from "../../provider/values/connection";

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

  const write = 'write "qemu:///system", "qemu:///session", or either with "?socket=/path/to/libvirt-sock"';
  for (const [uri, fault] of [
    ["", `is not a connection of a local QEMU; ${write}`],
    ["qemu", `is not a connection of a local QEMU; ${write}`],
    ["qemu:///", `is not a connection of a local QEMU; ${write}`],
    ["qemu:///elsewhere", `is not a connection of a local QEMU; ${write}`],
    ["xen:///system", `is not of QEMU, but of libvirt's driver "xen"; ${write}`],
    ["test:///default", `is not of QEMU, but of libvirt's driver "test"; ${write}`],
    ["qemu:///system ", `has a blank or another white space in it; ${write}`],
    ["qemu:///system\n--help", `has a blank or another white space in it; ${write}`],
    ["QEMU:///System", 'has capital letters; write "qemu:///system"'],
    ["QEMU:///system?socket=/A", 'has capital letters; write "qemu:///system?socket=/A"'],
    ["qemu:///system/", 'ends with a slash; write "qemu:///system"'],
    ["qemu+ext:///system?command=x", `has the transport "ext", which this release can't use; ${write}`],
    [
      "qemu:///system?socket=relative",
      'has a socket without an absolute path; write "qemu:///system?socket=/path/to/libvirt-sock"',
    ],
    [
      "qemu:///system?mode=legacy",
      'has the parameter "mode", which this release can\'t use; write "qemu:///system", or that with "?socket=/path/to/libvirt-sock"',
    ],
    [
      "qemu:///session?socket=/a&mode=legacy",
      'has the parameter "mode", which this release can\'t use; write "qemu:///session", or that with "?socket=/path/to/libvirt-sock"',
    ],
  ] as const) {
    it(`${JSON.stringify(uri)} is refused, with what to write`, () =>
      assert.equal(connectionProblem(uri), `"${uri}" ${fault}`));
  }

  for (const uri of [
    "qemu+ssh://root@kvm1/system",
    "qemu+libssh2://kvm1/system",
    "qemu+tls://kvm1/system",
    "qemu://kvm1/system",
  ]) {
    it(`${uri} is refused as another machine's`, () =>
      assert.match(
        connectionProblem(uri) ?? "",
        /is on another machine(?: \(.*\))?, which this release can't manage yet; run it/,
      ));
  }

  for (const uri of [
    "qemu+ssh://admin:s3cret@kvm1/system",
    "qemu://admin:s3cret@kvm1/system",
    "qemu+ext://admin:s3/cr@s3cret@kvm1/system",
    "xen://admin:s3cret@kvm1/",
    "qemu+ssh://:s3cret@kvm1/system ",
    "QEMU+SSH://admin:s3cret@kvm1/system?x",
    "qemu+ssh://admin:\ns3cret@kvm1/system",
  ]) {
    it(`${JSON.stringify(uri.replaceAll("s3cret", "…"))}: its password is not printed`, () => {
      assert.match(connectionProblem(uri) ?? "", /\[hidden\]@kvm1/);
      assert.doesNotMatch(connectionProblem(uri) ?? "", /s3/);
    });
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
