import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { agamaHandOver } from "../../../provider/install/agama/hand-over";
import { stageOfLine } from "../../../provider/install/agama/stages";
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
  const time = "2026-11-25T10:00:00+00:00 localhost";

  /** What leaves the machine of a journal with these lines. */
  function shipped(...lines: string[]): string {
    const folder = scratchFolder();
    writeFileSync(path.join(folder, "journal"), lines.map((line) => `${time} ${line}\n`).join(""));
    writeFileSync(path.join(folder, "log-filter"), textOf("log-filter"));
    const bin = standIns({ journalctl: `cat ${folder}/journal` });
    const script = textOf("ship-log")
      .replaceAll("/dev/ttyS1", `${folder}/serial`)
      .replaceAll(`${live}/kvm-deploy`, folder);
    spawnSync("sh", ["-c", script], { env: { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}` } });
    return readFileSync(path.join(folder, "serial"), "utf8");
  }

  it("leaves the machine as far as kernel, systemd and the stages go, without what Agama was told", () => {
    const kept = [
      "kernel: Linux version 6.12",
      "systemd[1]: Started Agama.",
      "agama-web-server[8]: Installing package vim",
      "agama[7]: Installation started",
    ];
    const secrets = [
      'agama[7]: Setting storage config from D-Bus: {"luks2":{"password":"hunter2"}}',
      "agama-web-server[8]: #<Config hunter2>",
      "sshd[9]: hunter2",
      'agama-web-server[8]: Asking question: Question { class: "a.b", text: "hunter2", answer: Some(y) }',
    ];
    assert.equal(shipped(...kept, ...secrets), kept.map((line) => `${time} ${line}\n`).join(""));
    for (const line of kept.slice(2)) assert.ok(stageOfLine(`${time} ${line}`));
    const after = shipped(
      "agama[7]: x: Installing package vim-data (hunter2)",
      "agama[7]: scripts to run in group post: hunter2",
    );
    assert.doesNotMatch(after, /hunter2/);
    assert.deepEqual(after.split("\n").map(stageOfLine), ["packages", "finishing", undefined]);
  });

  for (const [line, told] of [
    ["agama-autoinstall[9]: Skipping the auto-installation", "Skipping the auto-installation"],
    [
      "agama-autoinstall[9]: Could not load configuration from file:///a.json: hunter2",
      "Could not load configuration from file:///a.json",
    ],
    ["agama[7]: Installation error: #<RuntimeError: hunter2>. Backtrace: []", "Installation error: #<RuntimeError:"],
    [
      "agama[7]: Error while running on target tasks: #<Cheetah::Failed: hunter2>",
      "Error while running on target tasks: #<Cheetah::Failed:",
    ],
    ["agama-web-server[8]: Task 'network' failed: hunter2", "Task 'network' failed"],
    [
      'agama-web-server[8]: Asking question: Question { id: 1, spec: QuestionSpec { text: "hunter2", class: "software.package_error", data: {} }, answer: None }',
      "Agama asks software.package_error, and nobody answers",
    ],
  ] as const) {
    it(`tells a failure: ${told}`, () => assert.equal(shipped(line), `\nkvm-deploy: failed: ${told}\n`));
  }

  it("tells that the unit failed, and shows that line too", () => {
    const line = "systemd[1]: agama-autoinstall.service: Failed with result 'exit-code'.";
    const told = "agama-autoinstall.service: Failed with result 'exit-code'";
    assert.equal(shipped(line), `${time} ${line}\n\nkvm-deploy: failed: ${told}\n`);
  });
});
