import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { handOverFiles } from "../../../provider/install/debian/hand-over";
import { scratchFolder } from "../../iso/host";
import { makeKeyPair } from "../shared/keys";
import { type Given, hash, optionsOf } from "./options";

const mark = "kvm-deploy: installed 0123456789abcdef";
const { privateKey, publicKey } = makeKeyPair("-t", "ed25519");

function handOverFilesOf(given: Given) {
  const { system, own } = optionsOf(given);
  return handOverFiles(system, own, mark);
}

/** In the place of the installer's chroot: knows the users that were made, and writes down what it was called for. */
const chroot = `#!/bin/sh
root=$1; shift
echo "$*" >>"$root/../calls"
case $1 in
id) grep -qx "$3" "$root/users" && exec id "$2" ;;
useradd) for name; do :; done; echo "$name" >>"$root/users" ;;
chpasswd) cat >>"$root/../passwords" ;;
esac
`;

/** The last hook and its data in a folder that stands for the installer's root, with a new system at target/. */
function install(options: Given) {
  const root = scratchFolder();
  const at = (file: string) => path.join(root, file);
  for (const folder of ["target/root", "target/home", "target/etc/sudoers.d", "bin", "dev"]) {
    mkdirSync(at(folder), { recursive: true });
  }
  writeFileSync(at("target/users"), "root\n");
  writeFileSync(at("bin/chroot"), chroot, { mode: 0o755 });
  for (const { path: file, content, mode } of handOverFilesOf(options)) {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), content);
    chmodSync(at(file), mode);
  }
  return { root, at, read: (file: string) => readFileSync(at(file), "utf8"), ...runHook(root) };
}

function runHook(root: string): { exitCode: number | null; output: string; serial: string } {
  const hook = path.join(root, "usr/lib/finish-install.d/93kvm-deploy");
  const moved = readFileSync(hook, "utf8").replaceAll(/(?<![\w.$])\/(kvm-deploy|target|dev\/ttyS1)\b/g, `${root}/$1`);
  const env = {
    ...process.env,
    PATH: `${path.join(root, "bin")}:${process.env["PATH"] ?? ""}`,
    TARGET: path.join(root, "target"),
  };
  const { status, stdout, stderr } = spawnSync("sh", ["-c", moved], { env, encoding: "utf8" });
  const serial = path.join(root, "dev/ttyS1");
  return { exitCode: status, output: stdout + stderr, serial: existsSync(serial) ? readFileSync(serial, "utf8") : "" };
}

function modeOf(file: string): string {
  return (statSync(file).mode & 0o777).toString(8);
}

describe("the hand-over", () => {
  it("without any wish writes the mark alone", () => {
    const { serial, output, exitCode, at } = install({});
    assert.equal(serial, `\n${mark}\n`);
    assert.deepEqual({ output, exitCode }, { output: "", exitCode: 0 });
    assert.ok(!existsSync(at("target/root/.ssh")));
  });

  it("brings the host keys, the private one for root only", () => {
    const { at, read, serial } = install({ hostKeys: { ed25519: privateKey } });
    assert.equal(read("target/etc/ssh/ssh_host_ed25519_key"), privateKey);
    assert.equal(modeOf(at("target/etc/ssh/ssh_host_ed25519_key")), "600");
    assert.equal(read("target/etc/ssh/ssh_host_ed25519_key.pub").trim(), publicKey.replace(" ann@example", ""));
    assert.equal(modeOf(at("target/etc/ssh/ssh_host_ed25519_key.pub")), "644");
    assert.ok(serial.includes(mark));
  });

  it("lets root in by key", () => {
    const { at, read } = install({ rootKeys: [publicKey, "ssh-ed25519 " + (publicKey.split(" ")[1] ?? "")] });
    assert.equal(read("target/root/.ssh/authorized_keys").split("\n").length, 3);
    assert.equal(modeOf(at("target/root/.ssh")), "700");
    assert.equal(modeOf(at("target/root/.ssh/authorized_keys")), "600");
  });

  it("makes users with name, password, keys and sudo", () => {
    const { at, read, serial } = install({
      users: [
        { name: "ann", fullName: "Ann $(touch /tmp/x) 'A.'", password: hash, keys: [publicKey], sudo: true },
        { name: "bob", sudo: true },
      ],
    });
    const calls = read("calls").split("\n");
    assert.ok(calls.includes("useradd --create-home --shell /bin/bash --comment Ann $(touch /tmp/x) 'A.' ann"));
    assert.equal(read("passwords"), `ann:${hash}\n`);
    assert.equal(read("target/home/ann/.ssh/authorized_keys"), `${publicKey}\n`);
    assert.ok(calls.includes("usermod -a -G sudo ann") && calls.includes("usermod -a -G sudo bob"));
    assert.ok(!existsSync(at("target/etc/sudoers.d/kvm-deploy-ann")), "she has a password to give");
    assert.equal(read("target/etc/sudoers.d/kvm-deploy-bob"), "bob ALL=(ALL:ALL) NOPASSWD: ALL\n");
    assert.equal(modeOf(at("target/etc/sudoers.d/kvm-deploy-bob")), "440");
    assert.ok(serial.includes(mark));
  });

  it("runs late commands in their order, at the end", () => {
    const lateCommands = [
      "cat $TARGET/users >$TARGET/seen",
      ...Array.from({ length: 10 }, (_, index) => `echo ${index} >>$TARGET/seen`),
    ];
    const { read } = install({ users: [{ name: "ann" }], debian: { lateCommands } });
    assert.equal(read("target/seen"), `root\nann\n${[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].join("\n")}\n`);
  });

  it("tells which step failed, in the place of the mark", () => {
    const { serial, exitCode } = install({
      debian: { lateCommands: ["true", "echo secret; exit 10", "touch $TARGET/later"] },
    });
    assert.equal(serial, "\nkvm-deploy: failed: late command 002\n");
    assert.equal(exitCode, 1);
  });

  it("stops at the first step that fails", () => {
    const { at } = install({ debian: { lateCommands: ["exit 1", "touch $TARGET/later"] } });
    assert.ok(!existsSync(at("target/later")));
  });
});

describe("the files of the hand-over", () => {
  const files = handOverFilesOf({
    hostKeys: { ed25519: privateKey },
    rootKeys: [publicKey],
    users: [{ name: "ann", password: hash }],
  });

  it("are for root only where they aren't scripts", () => {
    for (const { path: file, mode } of files) {
      const isOpen = file.includes(".d/") || file.endsWith(".pub");
      assert.equal(mode & 0o077, isOpen ? mode & 0o077 : 0, file);
    }
  });

  it("hold values as data: the scripts are always the same", () => {
    const scripts = (options: Given) => handOverFilesOf(options).filter(({ path: file }) => file.includes(".d/"));
    assert.deepEqual(scripts({ users: [{ name: "ann", fullName: "x" }], rootKeys: [publicKey] }), scripts({}));
    assert.equal(scripts({}).length, 2);
  });

  it("begin in folders that the installer's initrd has", () => {
    for (const { path: file } of files) {
      assert.match(file, /^(lib\/debian-installer-startup\.d|usr\/lib\/finish-install\.d|kvm-deploy)\//);
    }
  });
});

it("the log is sent from the moment it is written, without anybody waiting for it", () => {
  const root = scratchFolder();
  const [shipLog] = handOverFilesOf({});
  const moved = String(shipLog?.content).replaceAll(/\/(var\/log\/syslog|dev\/ttyS1)/g, (file) =>
    path.join(root, path.basename(file)),
  );
  const { status } = spawnSync("sh", ["-c", `${moved}\npid=$!; echo one >>${root}/syslog; sleep 1.5; kill $pid`], {
    timeout: 10_000,
  });
  assert.equal(status, 0);
  assert.equal(readFileSync(path.join(root, "ttyS1"), "utf8"), "one\n");
});
