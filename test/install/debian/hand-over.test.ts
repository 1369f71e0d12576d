import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
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

describe("the hook at the start of Debian's installer", () => {
  it("answers the note that there is little memory, after the questions are loaded and before it is shown", () => {
    const hook = filesOf({}).find(({ path: file }) =>
      /debian-installer-startup\.d\/S(2[1-9]|3[0-7])kvm-deploy$/.test(file),
    );
    const folder = scratchFolder();
    const program = path.join(folder, "debconf-set-selections");
    writeFileSync(program, `#!/bin/sh\ncp "$1" "${folder}/answered"\n`, { mode: 0o755 });
    const script = String(hook?.content).replaceAll("/tmp/", `${folder}/`);
    const { status } = spawnSync("sh", ["-c", script], { env: { PATH: `${folder}:${process.env["PATH"] ?? ""}` } });
    assert.equal(status, 0);
    assert.equal(readFileSync(path.join(folder, "answered"), "utf8"), "d-i lowmem/low note\n");
  });
});

describe("the hook before Debian's packages are installed", () => {
  const hookOf = (given: Given) => filesOf(given).find(({ path: file }) => file.includes("pre-pkgsel.d/"));

  it("installs what Secure Boot starts where recommendations don't bring it", () => {
    assert.equal(hookOf({}), undefined);
    const folder = scratchFolder();
    const program = path.join(folder, "apt-install");
    writeFileSync(program, `#!/bin/sh\necho "$*" >"${folder}/installed"\nexit 1\n`, { mode: 0o755 });
    const script = String(hookOf({ debian: { recommends: false } })?.content).replace("/sys/", `${folder}/sys/`);
    const runHook = () => spawnSync("sh", ["-c", script], { env: { PATH: `${folder}:${process.env["PATH"] ?? ""}` } });
    assert.equal(runHook().status, 0);
    assert.ok(!existsSync(path.join(folder, "installed")));
    mkdirSync(path.join(folder, "sys/firmware/efi"), { recursive: true });
    assert.equal(runHook().status, 0);
    assert.equal(readFileSync(path.join(folder, "installed"), "utf8"), "grub-efi-amd64-signed shim-signed\n");
  });
});

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
  const described = [{ swap: "1GiB" }, { layout: "lvm", mounts: [{ path: "/srv", size: "100TiB" }] }] as const;
  for (const disk of described)
    assert.ok(filesOf({ disk } as Given).some(({ path: file }) => file.includes("too-small")));
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
  /** Programs of the installer's, which only it has: a debconf of files, a list of disks, and what would change disks. */
  const programs = {
    "debconf-get": '#!/bin/sh\ncat "$STATE/$(echo "$1" | tr / _)" 2>/dev/null\n',
    "debconf-set": '#!/bin/sh\necho "$2" >"$STATE/$(echo "$1" | tr / _)"\n',
    "list-devices": '#!/bin/sh\nprintf "%s\\n" $DISKS\n',
    "log-output": '#!/bin/sh\nshift 2\necho "$*" >>"$STATE/done"\n',
    vgs: "#!/bin/sh\nexit 1\n",
  };

  /** The kernel's view of two disks with a partition each. */
  function makeDisks(root: string): void {
    mkdirSync(path.join(root, "dev"));
    for (const [name, target] of Object.entries({ link: "kvmda1", twice: "kvmdb", none: "/dev/null" }))
      symlinkSync(target, path.join(root, "dev", `kvmd-${name}`));
    writeFileSync(path.join(root, "mounts"), "/dev/kvmdm1 /cdrom iso9660 ro 0 0\n");
    for (const disk of ["kvmda", "kvmdb", "kvmd0n1", "kvmdr", "kvmdm"]) {
      const part = `${disk}${disk.endsWith("1") ? "p1" : "1"}`;
      mkdirSync(path.join(root, "block", disk, part), { recursive: true });
      writeFileSync(path.join(root, "block", disk, part, "partition"), "1\n");
      symlinkSync(path.join(disk, part), path.join(root, "block", part));
      for (const one of [disk, part]) writeFileSync(path.join(root, "block", one, "size"), "8192\n");
      writeFileSync(path.join(root, "block", disk, "ro"), disk === "kvmdr" ? "1\n" : "0\n");
      for (const one of [disk, part]) writeFileSync(path.join(root, "dev", one), "");
    }
  }

  function partition(answers: Readonly<Record<string, string>>, disks: string, given: Given = {}) {
    const root = scratchFolder();
    for (const [name, content] of Object.entries(programs))
      writeFileSync(path.join(root, name), content, { mode: 0o755 });
    makeDisks(root);
    const inScratch = (text: string) => text.replaceAll("/dev/kvm", `${root}/dev/kvm`);
    for (const [question, answer] of Object.entries(answers)) {
      writeFileSync(path.join(root, question.replace("/", "_")), inScratch(answer));
    }
    for (const { path: file, content, mode } of filesOf(given)) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), content, { mode });
    }
    const script = readFileSync(path.join(root, "kvm-deploy/before-partitioning"), "utf8");
    mkdirSync(path.join(root, "display.d"));
    const moved = script
      .replaceAll(/\/(kvm-deploy\/|dev\/ttyS1|lib\/partman\/display\.d)/g, (_all, name: string) =>
        path.join(root, name === "kvm-deploy/" ? name : path.basename(name), name === "kvm-deploy/" ? "/" : ""),
      )
      .replaceAll("/sys/class/block", path.join(root, "block"))
      .replaceAll("/proc/mounts", path.join(root, "mounts"));
    const env = { ...process.env, PATH: `${root}:${process.env["PATH"] ?? ""}`, STATE: root, DISKS: inScratch(disks) };
    const { status } = spawnSync("sh", ["-c", moved], { env, cwd: root });
    const at = (name: string) => path.join(root, name);
    const read = (name: string) =>
      existsSync(at(name)) ? readFileSync(at(name), "utf8").replaceAll(`${root}/dev/`, "/dev/") : "";
    return {
      status,
      disk: read("partman-auto_disk"),
      raid: read("partman-auto-raid_recipe"),
      serial: read("ttyS1"),
      done: read("done"),
      read,
    };
  }

  it("takes the first disk, unless one is named", () => {
    assert.equal(partition({ "partman-auto/method": "regular" }, "/dev/kvmda /dev/kvmdb").disk, "/dev/kvmda\n");
    assert.equal(
      partition({ "partman-auto/method": "lvm", "partman-auto/disk": "/dev/kvmdb" }, "/dev/kvmda").disk,
      "/dev/kvmdb\n",
    );
  });

  it("erases both ends of the disk's partitions, then of the disk, and of no other", () => {
    const { done, read } = partition({ "partman-auto/method": "lvm", "partman-auto/disk": "/dev/kvmdb" }, "");
    const written = [...done.matchAll(/^dd .* of=(\S+) bs=512 seek=(\d+) count=(\d+)/gm)].map(([, ...words]) =>
      words.join(" "),
    );
    assert.deepEqual(written, [
      "/dev/kvmdb1 0 2048",
      "/dev/kvmdb1 6144 2048",
      "/dev/kvmdb 0 2048",
      "/dev/kvmdb 6144 2048",
    ]);
    assert.equal(read("kvm-deploy/disks"), " kvmdb \n");
  });

  it("makes an array of the first parts of the disks", () => {
    const raid = { "partman-auto/method": "raid", "partman/default_filesystem": "ext4" };
    const given = { ...raid, "partman-auto/disk": "/dev/kvmd0n1 /dev/kvmdb /dev/kvmda" };
    assert.equal(partition(raid, "/dev/kvmda /dev/kvmdb").raid, "1 2 0 ext4 / /dev/kvmda1#/dev/kvmdb1 .\n");
    assert.equal(partition(given, "").raid, "1 3 0 ext4 / /dev/kvmd0n1p1#/dev/kvmdb1#/dev/kvmda1 .\n");
    const disk = { layout: "raid1-lvm", devices: ["/dev/kvmda", "/dev/kvmdb"] } as const;
    assert.equal(
      partition(raid, "/dev/kvmda /dev/kvmdb", { disk: { ...disk, devices: [...disk.devices] } }).raid,
      "1 2 0 ext4 /boot /dev/kvmda1#/dev/kvmdb1 . 1 2 0 lvm - /dev/kvmda2#/dev/kvmdb2 .\n",
    );
  });

  it("leaves arrays and boot loader to a template that describes them", () => {
    const own = { "partman-auto-raid/recipe": "5 3 0 lvm - x .", "grub-installer/bootdev": "/dev/kvmda" };
    const { raid, read } = partition({ "partman-auto/method": "raid", ...own }, "/dev/kvmda /dev/kvmdb");
    assert.equal(raid, own["partman-auto-raid/recipe"]);
    assert.equal(read("grub-installer_bootdev"), "/dev/kvmda");
  });

  it("tells when there are too few disks, or when one doesn't exist, and erases nothing", () => {
    const few = partition({ "partman-auto/method": "raid" }, "/dev/kvmda");
    assert.deepEqual([few.status, few.done], [1, ""]);
    assert.equal(few.serial, "\nkvm-deploy: failed: the layout needs 2 disks, and there are: /dev/kvmda\n");
    const missing = partition({ "partman-auto/disk": "/dev/kvmda /dev/kvmdx" }, "");
    assert.deepEqual([missing.status, missing.done], [1, ""]);
    assert.equal(missing.serial, "\nkvm-deploy: failed: there is no disk /dev/kvmdx\n");
  });

  it("erases nothing where a name is that of a partition, of a disk named before, of a mounted or of a read-only one", () => {
    const wrong: readonly (readonly [disks: string, reason: RegExp])[] = [
      ["/dev/kvmda1", /^\/dev\/kvmda1 is a partition; name the whole disk$/],
      ["/dev/kvmdb /dev/kvmd-link", /^\/dev\/kvmd-link is a partition; name the whole disk$/],
      ["/dev/kvmdb /dev/kvmd-twice", /^\/dev\/kvmd-twice is a disk that is named twice: /],
      ["/dev/kvmdr", /^\/dev\/kvmdr is read-only$/],
      ["/dev/kvmd-none", /^\/dev\/kvmd-none is no disk$/],
      ["/dev/kvmdm", /^\/dev\/kvmdm is in use by the installer$/],
    ];
    for (const [disks, reason] of wrong) {
      const { status, serial, done } = partition({ "partman-auto/disk": disks }, "");
      assert.deepEqual([status, done], [1, ""], disks);
      assert.match(/^\nkvm-deploy: failed: (.*)\n$/.exec(serial)?.[1] ?? serial, reason);
    }
  });

  it("leaves several disks of the user's own template as they are", () => {
    const disks = "/dev/kvmda /dev/kvmdb";
    const { status, disk, serial } = partition({ "partman-auto/method": "lvm", "partman-auto/disk": disks }, "");
    assert.deepEqual([status, disk, serial], [0, `${disks}\n`, ""]);
  });

  it("first runs the scripts of the user's own, and tells which one failed", () => {
    const good = partition({}, "/dev/kvmda", {
      scripts: { before: ["echo one >seen", "#!/bin/sh\necho two >>seen"] },
    });
    assert.deepEqual([good.status, good.read("seen"), good.disk], [0, "one\ntwo\n", "/dev/kvmda\n"]);
    const bad = partition({}, "/dev/kvmda", { scripts: { before: ["false", "touch seen"] } });
    assert.deepEqual([bad.status, bad.read("seen"), bad.disk, bad.done], [1, "", "", ""]);
    assert.equal(bad.serial, "\nkvm-deploy: failed: script before/001\n");
  });
});
