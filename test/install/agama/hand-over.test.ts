import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { agamaHandOver } from "../../../provider/install/agama/hand-over";
import { scratchFolder } from "../../iso/host";
import { deliver } from "../shared/new-system";
import { type Given, optionsOf } from "./options";

const live = "/run/initramfs/live";

/** The text of one of the hand-over's files. */
function textOf(file: string, given: Given = {}): string {
  const files = agamaHandOver(optionsOf(given).system, "the mark");
  return String(files.find(({ path: at }) => at === `kvm-deploy/${file}`)?.content);
}

/** @param first lines to run before it, told where the new system is mounted @param then what is run in that afterwards */
function handOver(given: Given, first: (target: string) => string = () => "", then?: string) {
  return deliver(
    agamaHandOver(optionsOf(given).system, "the mark"),
    ({ folder, target }) =>
      first(target) +
      textOf("finish", given)
        .replaceAll(live, folder)
        .replaceAll(/\/mnt(?=[/ ])/g, target),
    then,
  );
}

/** A folder of programs that stand in for those of the live system. */
function standIns(programs: Readonly<Record<string, string>>): string {
  const folder = scratchFolder();
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
  return folder;
}

describe("the hand-over of Agama", () => {
  it("brings locale, time servers and the mark from the ISO into the new system", () => {
    const { serial, exitCode, read } = handOver({ ntp: ["a.example", "192.0.2.1"] });
    assert.deepEqual({ serial, exitCode }, { serial: "\nthe mark\n", exitCode: 0 });
    assert.equal(read("etc/locale.conf"), "LANG=C.UTF-8\n");
    assert.equal(read("etc/chrony.d/pool.conf"), "server a.example iburst\nserver 192.0.2.1 iburst\n");
  });

  it("lends the new system the installer's name servers where it has none, and for its scripts alone", () => {
    const { read, exitCode } = handOver(
      { scripts: { after: ["readlink /etc/resolv.conf >/etc/seen"] } },
      (target) => `rm -f ${target}/etc/resolv.conf\n`,
      "test ! -L /etc/resolv.conf",
    );
    assert.deepEqual([read("etc/seen"), exitCode], ["/run/NetworkManager/resolv.conf\n", 0]);
  });

  it("tells which script failed", () => {
    const { serial, exitCode } = handOver({ scripts: { after: ["true", "exit 3"] } });
    assert.deepEqual({ serial, exitCode }, { serial: "\nkvm-deploy: failed: script after/002\n", exitCode: 1 });
  });

  it("never lets the installer go on to the disk after a script that failed", () => {
    const bin = standIns({ sleep: 'echo "sleeps for $1"', "systemd-run": 'echo "starts $4"' });
    const { serial, output } = deliver(
      agamaHandOver(optionsOf({ scripts: { before: ["exit 3"] } }).system, "the mark"),
      ({ folder }) => {
        const runBefore = textOf("run-before").replaceAll(live, folder);
        return `PATH=${bin}:$PATH
${textOf("start").replace(`sh ${live}/kvm-deploy/run-before`, `(${runBefore})`)}`;
      },
    );
    assert.equal(serial, "\nkvm-deploy: failed: script before/001\n");
    assert.equal(output, `starts ${live}/kvm-deploy/ship-log\nsleeps for infinity\n`);
  });
});

describe("the journal", () => {
  const host = "2026-11-25T10:00:00+00:00 localhost";
  const failures = [
    { unit: "agama-autoinstall[9]", told: "Skipping the auto-installation: no $such %s" },
    { unit: "systemd[1]", told: "agama-autoinstall.service: Failed with result 'exit-code'." },
    { unit: "agama-autoinstall[9]", told: "Could not load configuration from file:///a/profile.json: no" },
    { unit: "agama[7]", told: 'Installation error: #<RuntimeError: "no">. Backtrace: []' },
    { unit: "agama[7]", told: "Error while running on target tasks: #<RuntimeError>" },
    { unit: "agama-web-server[8]", told: "Task 'network' failed: no" },
    { unit: "agama-web-server[8]", told: "Asking question: Question { id: 1, spec: x, answer: None }" },
  ];
  for (const { unit, told } of failures) {
    it(`is sent, and of its lines "${told}" told as a failure`, () => {
      const folder = scratchFolder();
      const harmless = `${host} agama-server[8]: Asking question: Question { id: 1, spec: x, answer: Some(y) }\n`;
      const journal = `${harmless}${host} ${unit}: ${told}\n`;
      writeFileSync(path.join(folder, "journal"), journal);
      const bin = standIns({ journalctl: `cat ${folder}/journal` });
      const script = textOf("ship-log").replaceAll("/dev/ttyS1", `${folder}/serial`);
      spawnSync("sh", ["-c", script], { env: { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}` } });
      const serial = readFileSync(path.join(folder, "serial"), "utf8");
      assert.equal(serial, `${journal}\nkvm-deploy: failed: ${told}\n`);
    });
  }
});
