import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { z } from "zod";
import { deliveryScript, handOverFiles, handOverFolder } from "../../../provider/install/shared/hand-over";
import { systemOptions } from "../../../provider/install/shared/system";
import { hash } from "../debian/options";
import { makeKeyPair } from "./keys";
import { deliver } from "./new-system";

const mark = "kvm-deploy: installed 0123456789abcdef";
const { privateKey, publicKey } = makeKeyPair("-t", "ed25519");

type Given = z.input<typeof systemOptions>;

function filesOf(given: Given) {
  return handOverFiles(systemOptions.parse(given), mark);
}

/** @param then run inside the new system afterwards */
function handOver(given: Given, { then = "true", last = "" } = {}) {
  return deliver(
    filesOf(given),
    ({ folder, target }) => deliveryScript({ folder: `${folder}/${handOverFolder}`, target }, last),
    then,
  );
}

describe("the hand-over", () => {
  it("without any wish writes the mark alone", () => {
    const { serial, output, exitCode, isThere } = handOver({});
    assert.equal(serial, `\n${mark}\n`);
    assert.deepEqual({ output, exitCode }, { output: "", exitCode: 0 });
    assert.ok(!isThere("etc"));
    assert.ok(!isThere("var/lib/kvm-deploy-setup"));
  });

  it("brings the host keys, the private one for root only", () => {
    const { read, modeOf, serial } = handOver({ hostKeys: { ed25519: privateKey } });
    assert.equal(read("etc/ssh/ssh_host_ed25519_key"), privateKey);
    assert.equal(modeOf("etc/ssh/ssh_host_ed25519_key"), "600");
    assert.equal(read("etc/ssh/ssh_host_ed25519_key.pub").trim(), publicKey.replace(" ann@example", ""));
    assert.equal(modeOf("etc/ssh/ssh_host_ed25519_key.pub"), "644");
    assert.ok(serial.includes(mark));
  });

  it("lets root in by key", () => {
    const { read, modeOf } = handOver({ rootKeys: [publicKey] });
    assert.ok(read("root/.ssh/authorized_keys").endsWith(`${publicKey}\n`));
    assert.equal(modeOf("root/.ssh"), "700");
    assert.equal(modeOf("root/.ssh/authorized_keys"), "600");
  });

  it("makes a user whose group another one belongs to", () => {
    const users = [{ name: "kvmd-ann", groups: ["kvmd-bob"] }, { name: "kvmd-bob" }];
    const { serial, output } = handOver({ users }, { then: "id -nG kvmd-ann; id -nG kvmd-bob" });
    assert.equal(serial, `\n${mark}\n`, output);
    assert.equal(output, "kvmd-ann kvmd-bob\nkvmd-bob\n");
  });

  it("makes users with name, password, keys, groups and sudo", () => {
    const fullName = "Ann $(touch /tmp/x) 'A.' {{x}} %n";
    const users: Given["users"] = [
      { name: "kvmd-ann", fullName, password: hash, keys: [publicKey], groups: ["adm", "kvmd-new"], sudo: true },
      { name: "kvmd-bob", sudo: true },
      { name: "kvmd-eve", password: hash, sudo: "passwordless" },
    ];
    const { read, modeOf, isThere, serial, output } = handOver({ users }, { then: "id -nG kvmd-ann" });
    assert.ok(serial.includes(mark), output);
    assert.match(
      read("etc/passwd"),
      /^kvmd-ann:.*:Ann \$\(touch \/tmp\/x\) 'A\.' \{\{x\}\} %n:\/home\/kvmd-ann:\/bin\/bash$/m,
    );
    assert.ok(!isThere("tmp/x"));
    assert.ok(read("etc/shadow").includes(`kvmd-ann:${hash}:`));
    assert.equal(read("home/kvmd-ann/.ssh/authorized_keys"), `${publicKey}\n`);
    assert.match(output, /\badm\b.*\bkvmd-new\b/);
    assert.equal(
      read("etc/sudoers.d/kvm-deploy-kvmd-ann"),
      "Defaults:kvmd-ann !targetpw\nkvmd-ann ALL=(ALL:ALL) ALL\n",
    );
    assert.match(read("etc/sudoers.d/kvm-deploy-kvmd-bob"), /^kvmd-bob ALL=\(ALL:ALL\) NOPASSWD: ALL$/m);
    assert.match(read("etc/sudoers.d/kvm-deploy-kvmd-eve"), /NOPASSWD: ALL$/m);
    assert.equal(modeOf("etc/sudoers.d/kvm-deploy-kvmd-bob"), "440");
  });

  it("makes a router", () => {
    const { read, modeOf } = handOver({ forwarding: { ipv4: true, ipv6: true } });
    const file = "etc/sysctl.d/50-kvm-deploy.conf";
    assert.equal(read(file), "net.ipv4.ip_forward = 1\nnet.ipv6.conf.all.forwarding = 1\n");
    assert.equal(modeOf(file), "644");
  });

  it("runs scripts in the new system in their order, each by the program that it names", () => {
    const after = [
      "id -u kvmd-ann >/seen",
      ...Array.from({ length: 10 }, (_, index) => `echo ${index} >>/seen`),
      '#!/usr/bin/env perl\nopen(F, ">>/seen"); print F "perl\\n"',
    ];
    const { read } = handOver({ users: [{ name: "kvmd-ann" }], scripts: { after } });
    assert.match(read("seen"), /^\d+\n0\n1\n2\n3\n4\n5\n6\n7\n8\n9\nperl\n$/);
  });

  it("leaves scripts for the first boot, which run once and leave nothing", () => {
    const scripts = { firstBoot: ["echo one >>/first", "#!/bin/bash\n[[ x == x ]] && echo two >>/first"] };
    const wants = "etc/systemd/system/multi-user.target.wants/kvm-deploy-first-boot.service";
    const before = handOver(
      { scripts },
      { then: "readlink -e /etc/systemd/system/multi-user.target.wants/kvm-deploy-*" },
    );
    assert.match(before.output, /^\/etc\/systemd\/system\/kvm-deploy-first-boot\.service\n$/);
    assert.equal(before.modeOf("var/lib/kvm-deploy-setup"), "700");
    assert.ok(!before.isThere("first"));
    const after = handOver({ scripts }, { then: "sh /var/lib/kvm-deploy-setup/first-boot/run" });
    assert.equal(after.read("first"), "one\ntwo\n");
    assert.ok(!after.isThere("var/lib/kvm-deploy-setup"));
    assert.ok(!after.isThere(wants));
  });

  it("runs no further script at the first boot when one fails, and its unit fails", () => {
    const scripts = { firstBoot: ["exit 3", "touch /first"] };
    const { exitCode, isThere } = handOver({ scripts }, { then: "sh /var/lib/kvm-deploy-setup/first-boot/run" });
    assert.equal(exitCode, 3);
    assert.ok(!isThere("first"));
    assert.ok(!isThere("var/lib/kvm-deploy-setup"));
  });

  const failing: [what: string, given: Given, last: string, step: string][] = [
    ["a script", { scripts: { after: ["true", "echo secret; exit 10", "touch /later"] } }, "", "script after/002"],
    ["a user's group", { users: [{ name: "kvmd-ann", groups: ["kvmd-ann_-"] }] }, "step='x'\nfalse", "x"],
    ["a line of the family's own", {}, "step='late command'\nfalse\ntouch /later", "late command"],
  ];
  for (const [what, given, last, step] of failing) {
    it(`tells that ${what} failed, in the place of the mark, and stops there`, () => {
      const { serial, exitCode, isThere } = handOver(given, { last });
      assert.equal(serial, `\nkvm-deploy: failed: ${step}\n`);
      assert.equal(exitCode, 1);
      assert.ok(!isThere("later"));
    });
  }
});

describe("the files of the hand-over", () => {
  const given = {
    hostKeys: { ed25519: privateKey },
    rootKeys: [publicKey],
    users: [{ name: "ann", password: hash }],
    scripts: { before: ["true"], after: ["true"], firstBoot: ["true"] },
  };

  it("are for root only where they aren't open by nature", () => {
    for (const { path: file, mode } of filesOf(given)) {
      const isOpen = /\.(pub|service)$|\/etc\//.test(file);
      assert.equal(mode & 0o077, isOpen ? mode & 0o077 : 0, file);
    }
  });

  it("hold values as data: the script is always the same", () => {
    const scriptOf = (options: Given) => filesOf(options).find(({ path: file }) => file.endsWith("/hand-over"));
    assert.deepEqual(scriptOf(given), scriptOf({}));
  });
});
