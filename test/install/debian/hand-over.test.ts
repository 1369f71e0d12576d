import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { debianHandOver } from "../../../provider/install/debian/hand-over";
import { scratchFolder } from "../../iso/host";
import { makeKeyPair } from "../shared/keys";
import { deliver } from "../shared/new-system";
import { type Given, optionsOf } from "./options";

const mark = "kvm-deploy: installed 0123456789abcdef";
const { publicKey } = makeKeyPair("-t", "ed25519");

function filesOf(given: Given, isOwn = false) {
  const { system, own } = optionsOf(given);
  return debianHandOver(system, own, mark, isOwn);
}

/** The last hook, over a real system. */
function finish(given: Given) {
  const files = filesOf(given);
  const hook = files.find(({ path: file }) => file === "usr/lib/finish-install.d/93kvm-deploy");
  return deliver(files, ({ folder, target }) =>
    String(hook?.content).replaceAll(/\/(kvm-deploy)\/|\/target\b/g, (_all, own?: string) =>
      own === undefined ? target : `${folder}/${own}/`,
    ),
  );
}

describe("the hook at the end of Debian's installation", () => {
  it("hands over, then runs the late commands in the installer, then writes the mark", () => {
    const lateCommands = ["cat $TARGET/etc/passwd >$TARGET/seen", "echo late >>$TARGET/seen"];
    const { read, serial, output } = finish({
      users: [{ name: "kvmd-ann" }],
      rootKeys: [publicKey],
      debian: { lateCommands },
    });
    assert.match(read("seen"), /\nkvmd-ann:.*\nlate\n$/s, output);
    assert.equal(serial, `\n${mark}\n`);
  });

  it("tells which late command failed, in the place of the mark", () => {
    const { serial, isThere } = finish({ debian: { lateCommands: ["true", "exit 10", "touch $TARGET/later"] } });
    assert.equal(serial, "\nkvm-deploy: failed: late command 002\n");
    assert.ok(!isThere("later"));
  });
});

it("the files of the hand-over begin in folders that the installer's initrd has", () => {
  for (const { path: file } of [...filesOf({ rootKeys: [publicKey] }), ...filesOf({}, true)]) {
    assert.match(file, /^(lib\/debian-installer-startup\.d|usr\/lib\/finish-install\.d|kvm-deploy)\//);
  }
});

it("a disk that a recipe doesn't fit on is reported, as the installer would take another recipe", () => {
  const recipe = "a :: 1 1 1 ext4 mountpoint{ / } .";
  for (const files of [filesOf({ debian: { recipe } }), filesOf({}, true)]) {
    const hook = files.find(({ path: file }) => file === "kvm-deploy/too-small");
    const serial = path.join(scratchFolder(), "ttyS1");
    const script = String(hook?.content).replace("/dev/ttyS1", serial);
    assert.equal(spawnSync("sh", ["-c", script, "hook", "/tmp/recipe", "900", "1200"]).status, 0);
    const link = files.find(({ path: file }) => file === "lib/debian-installer-startup.d/S12kvm-deploy");
    const root = scratchFolder();
    const linked = String(link?.content).replace("/lib/", `${root}/lib/`);
    assert.equal(spawnSync("sh", ["-c", linked]).status, 0);
    assert.equal(readlinkSync(path.join(root, "lib/partman/not-enough-space.d/kvm-deploy")), "/kvm-deploy/too-small");
    assert.equal(
      readFileSync(serial, "utf8"),
      "\nkvm-deploy: failed: the disk has 900 MB, and the recipe needs 1200 MB\n",
    );
  }
  assert.ok(filesOf({}).every(({ path: file }) => !/too-small|S12/.test(file)));
});

it("the log is sent from the moment it is written, without anybody waiting for it", () => {
  const root = scratchFolder();
  const [shipLog] = filesOf({});
  const moved = String(shipLog?.content).replaceAll(/\/(var\/log\/syslog|dev\/ttyS1)/g, (file) =>
    path.join(root, path.basename(file)),
  );
  const { status } = spawnSync("sh", ["-c", `${moved}\npid=$!; echo one >>${root}/syslog; sleep 1.5; kill $pid`], {
    timeout: 10_000,
  });
  assert.equal(status, 0);
  assert.equal(readFileSync(path.join(root, "ttyS1"), "utf8"), "one\n");
});

describe("the script before the partitioning", () => {
  /** Programs of the installer's, which only it has: a debconf of files, and a list of disks. */
  const programs = {
    "debconf-get": '#!/bin/sh\ncat "$STATE/$(echo "$1" | tr / _)" 2>/dev/null\n',
    "debconf-set": '#!/bin/sh\necho "$2" >"$STATE/$(echo "$1" | tr / _)"\n',
    "list-devices": '#!/bin/sh\nprintf "%s\\n" $DISKS\n',
  };

  function partition(
    answers: Readonly<Record<string, string>>,
    disks: string,
    scripts: Given["scripts"] = {},
    isOwn = false,
  ) {
    const root = scratchFolder();
    for (const [name, content] of Object.entries(programs))
      writeFileSync(path.join(root, name), content, { mode: 0o755 });
    for (const [question, answer] of Object.entries(answers)) {
      writeFileSync(path.join(root, question.replace("/", "_")), answer);
    }
    for (const { path: file, content, mode } of filesOf({ scripts }, isOwn)) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), content, { mode });
    }
    const script = readFileSync(path.join(root, "kvm-deploy/before-partitioning"), "utf8");
    const moved = script.replaceAll(/\/(kvm-deploy|dev\/ttyS1)\b/g, (_all, name: string) =>
      path.join(root, path.basename(name)),
    );
    const env = { ...process.env, PATH: `${root}:${process.env["PATH"] ?? ""}`, STATE: root, DISKS: disks };
    const { status } = spawnSync("sh", ["-c", moved], { env, cwd: root });
    const at = (name: string) => path.join(root, name);
    const read = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), "utf8") : "");
    return {
      status,
      disk: read("partman-auto_disk"),
      raid: read("partman-auto-raid_recipe"),
      serial: read("ttyS1"),
      read,
    };
  }

  it("takes the first disk, unless one is named", () => {
    assert.equal(partition({ "partman-auto/method": "regular" }, "/dev/vda /dev/vdb").disk, "/dev/vda\n");
    assert.equal(
      partition({ "partman-auto/method": "lvm", "partman-auto/disk": "/dev/vdb" }, "/dev/vda").disk,
      "/dev/vdb\n",
    );
  });

  it("makes an array of the first parts of two disks", () => {
    const raid = { "partman-auto/method": "raid", "partman/default_filesystem": "ext4" };
    const given = { ...raid, "partman-auto/disk": "/dev/kvmd0n1 /dev/kvmdb" };
    assert.equal(partition(raid, "/dev/kvmda /dev/kvmdb /dev/kvmdc").raid, "1 2 0 ext4 / /dev/kvmda1#/dev/kvmdb1 .\n");
    assert.equal(partition(given, "").raid, "1 2 0 ext4 / /dev/kvmd0n1p1#/dev/kvmdb1 .\n");
  });

  it("tells when there are too few disks", () => {
    const { status, serial } = partition({ "partman-auto/method": "raid" }, "/dev/vda");
    assert.equal(status, 1);
    assert.equal(serial, "\nkvm-deploy: failed: the layout needs 2 disks, and there are: /dev/vda\n");
  });

  it("leaves arrays and several disks of the user's own template alone", () => {
    const own = (answers: Readonly<Record<string, string>>, disks = "") => partition(answers, disks, {}, true);
    const arrays = { "partman-auto/method": "raid", "partman-auto-raid/recipe": "1 4 0 lvm - raidid=1 ." };
    const { disk, raid, status } = own(arrays, "/dev/vda /dev/vdb");
    assert.deepEqual([status, disk, raid], [0, "", arrays["partman-auto-raid/recipe"]]);
    const group = own({ "partman-auto/method": "lvm", "partman-auto/disk": "/dev/vda /dev/vdb" });
    assert.deepEqual([group.status, group.disk, group.serial], [0, "/dev/vda /dev/vdb", ""]);
    // What it leaves open is chosen as with the shipped template.
    assert.equal(own({ "partman-auto/method": "regular" }, "/dev/vda /dev/vdb").disk, "/dev/vda\n");
    assert.match(own({ "partman-auto/method": "raid" }, "/dev/kvmda /dev/kvmdb").raid, /kvmda1#\/dev\/kvmdb1/);
  });

  it("first runs the scripts of the user's own, and tells which one failed", () => {
    const before = ["echo one >seen", "#!/bin/sh\necho two >>seen"];
    const good = partition({}, "/dev/vda", { before });
    assert.deepEqual([good.status, good.read("seen"), good.disk], [0, "one\ntwo\n", "/dev/vda\n"]);
    const bad = partition({}, "/dev/vda", { before: ["false", "touch seen"] });
    assert.deepEqual([bad.status, bad.read("seen"), bad.disk], [1, "", ""]);
    assert.equal(bad.serial, "\nkvm-deploy: failed: script before/001\n");
  });
});
