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

  const write =
    'write "qemu:///system", "qemu:///session", or either with "?socket=/path/to/libvirt-sock", or "qemu+ssh://USER@HOST/system" for another machine';
  for (const [uri, fault] of [
    ["", `is not a connection to a local QEMU; ${write}`],
    ["qemu", `is not a connection to a local QEMU; ${write}`],
    ["qemu:///", `is not a connection to a local QEMU; ${write}`],
    ["qemu:///elsewhere", `is not a connection to a local QEMU; ${write}`],
    ["xen:///system", `uses libvirt's driver "xen", not QEMU; ${write}`],
    ["test:///default", `uses libvirt's driver "test", not QEMU; ${write}`],
    ["qemu:///system ", `contains white space; ${write}`],
    ["qemu:///system\n--help", `contains white space; ${write}`],
    ["QEMU:///System", 'has upper-case letters; write "qemu:///system"'],
    ["QEMU:///system?socket=/A", 'has upper-case letters; write "qemu:///system?socket=/A"'],
    ["qemu:///system/", 'ends with a slash; write "qemu:///system"'],
    ["qemu+ext:///system?command=x", `has the transport "ext", which this release does not support; ${write}`],
    [
      "qemu:///system?socket=relative",
      'has a socket without an absolute path; write "qemu:///system?socket=/path/to/libvirt-sock"',
    ],
    [
      "qemu:///system?mode=legacy",
      'has the parameter "mode", which this release does not support; write "qemu:///system", or the same with "?socket=/path/to/libvirt-sock"',
    ],
    [
      "qemu:///session?socket=/a&mode=legacy",
      'has the parameter "mode", which this release does not support; write "qemu:///session", or the same with "?socket=/path/to/libvirt-sock"',
    ],
  ] as const) {
    it(`${JSON.stringify(uri)} is refused, with what to write`, () =>
      assert.equal(connectionProblem(uri), `"${uri}" ${fault}`));
  }

  for (const uri of [
    "qemu+ssh://kvm1/system",
    "qemu+ssh://root@kvm1.example.org:2222/system",
    "qemu+ssh://root@[fd00::1]/system",
    "qemu+ssh://kvm1/system?keyfile=/home/ann/a%20key&command=/opt/ssh",
  ]) {
    it(`${uri} can be used`, () => assert.equal(connectionProblem(uri), undefined));
  }

  const remotely = 'write "qemu+ssh://USER@HOST/system"';
  for (const [uri, fault] of [
    ["qemu+tcp://kvm1/system", 'has the transport "tcp", which is neither encrypted nor authenticated'],
    ["qemu+tls://kvm1/system", 'has the transport "tls", which reaches libvirt only'],
    ["qemu://kvm1/system", "is on another machine, and libvirt would connect to it by TLS"],
    ["qemu+libssh2://kvm1/system", 'has the transport "libssh2", which does not read the whole SSH configuration'],
    ["qemu+libssh://kvm1/system", 'has the transport "libssh", which does not read the whole SSH configuration'],
    ["qemu+ssh://ann:secret@kvm1/system", "contains a password"],
    ["qemu+ssh:///system", "names no host"],
    ["qemu+ssh://kvm1/session", "is a user's own libvirt"],
    ["qemu+ssh://-oProxyCommand=x/system", "is not a connection to another machine"],
    ["qemu+ssh://-l@kvm1/system", "is not a connection to another machine"],
    ["qemu+ssh://kvm1:70000/system", "has a port that is not between 1 and 65535"],
  ] as const) {
    it(`${uri.replace("secret", "…")} is refused with its reason`, () => {
      const problem = connectionProblem(uri) ?? "";
      assert.ok(problem.includes(fault) && problem.includes(remotely), problem);
    });
  }

  for (const [parameter, fault] of [
    ["netcat=/bin/nc", 'has the parameter "netcat", which means nothing here: virsh runs on the host'],
    ["socket=/run/x", 'has the parameter "socket", which means nothing here: virsh runs on the host'],
    ["no_verify=1", 'has the parameter "no_verify", which means nothing here: host keys are always checked'],
    ["hm=1", 'has the parameter "hm", which is not known'],
    ["keyfile=-oProxyCommand=x", 'has the parameter "keyfile" without a path'],
  ] as const) {
    it(`with ${parameter} is refused`, () => {
      const problem = connectionProblem(`qemu+ssh://kvm1/system?${parameter}`) ?? "";
      assert.ok(problem.includes(fault) && problem.includes('write "qemu+ssh://kvm1/system'), problem);
    });
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

  it("of another machine's has what chooses the login, and not how", () => {
    assert.equal(canonicalConnection("qemu+ssh://root@KVM1:22/system?keyfile=/k", root), "qemu+ssh://root@kvm1/system");
    assert.equal(canonicalConnection("qemu+ssh://[FD00::1]:23/system", user), "qemu+ssh://[fd00::1]:23/system");
  });

  it("of none at all is as it is", () => {
    for (const uri of ["qemu+tls://root@kvm1/system", "test:///default", ""])
      assert.equal(canonicalConnection(uri, root), uri);
  });
});
