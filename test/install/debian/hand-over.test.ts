import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { debianHandOver } from "../../../provider/install/debian/hand-over";
import { scratchFolder } from "../../iso/host";
import { makeKeyPair } from "../shared/keys";
import { deliver } from "../shared/new-system";
import { type Given, optionsOf } from "./options";

const mark = "kvm-deploy: installed 0123456789abcdef";
const { publicKey } = makeKeyPair("-t", "ed25519");

function filesOf(given: Given) {
  const { system, own } = optionsOf(given);
  return debianHandOver(system, own, mark);
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
  for (const { path: file } of filesOf({ rootKeys: [publicKey] })) {
    assert.match(file, /^(lib\/debian-installer-startup\.d|usr\/lib\/finish-install\.d|kvm-deploy)\//);
  }
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
