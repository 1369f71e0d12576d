import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { handOverSections, redhatHandOver, startSection } from "../../../provider/install/redhat/hand-over";
import { redhat } from "../../../provider/install/redhat/index";
import { scratchFolder } from "../../iso/host";
import { hash } from "../debian/options";
import { deliver } from "../shared/new-system";
import type { SystemOptions } from "../../../provider/install/shared/system";
import { type Given, optionsOf } from "./options";

/** The body of a section as the installer hands it to a shell. @param header such as `%onerror` */
function section(header: string): string {
  const body = handOverSections.split(`\n${header}\n`)[1]?.split("\n%end\n")[0];
  assert.ok(body !== undefined, header);
  return body;
}

/** @param then run inside the new system afterwards */
function handOver(given: Given, then?: string) {
  return handOverOf(optionsOf(given).system, then);
}

function handOverOf(system: SystemOptions, then?: string) {
  return deliver(
    redhatHandOver(system, "the mark"),
    ({ folder, target }) =>
      section("%post --nochroot")
        .replaceAll("/run/install/repo", folder)
        .replaceAll("/tmp/kvm-deploy-told", path.join(folder, "told"))
        .replaceAll("/mnt/sysroot", target),
    then,
  );
}

describe("the hand-over of Anaconda", () => {
  it("brings users and the mark from the ISO into the new system", () => {
    const { serial, output, read } = handOver({ users: [{ name: "kvmd-ann", password: hash, sudo: true }] });
    assert.deepEqual({ serial, output }, { serial: "\nthe mark\n", output: "" });
    assert.match(read("etc/shadow"), /^kvmd-ann:\$y\$/m);
  });

  it("names the time servers", () => {
    assert.match(
      handOver({ ntp: ["a.example", "192.0.2.1"] }).read("etc/chrony.conf"),
      /^server a\.example iburst\nserver 192/,
    );
    assert.ok(!handOver({}).isThere("etc/chrony.conf"));
  });

  it("sets the language, which Anaconda takes another for", () => {
    assert.equal(handOver({}).read("etc/locale.conf"), "LANG=C.UTF-8\n");
    assert.equal(handOver({ locale: "de_DE.UTF-8" }).read("etc/locale.conf"), "LANG=de_DE.UTF-8\n");
  });

  it("sets the time zone, and takes no other for one that isn't known", () => {
    const { output, serial } = handOver({ timezone: "Asia/Tokyo" }, "readlink /etc/localtime");
    assert.deepEqual({ output, serial }, { output: "../usr/share/zoneinfo/Asia/Tokyo\n", serial: "\nthe mark\n" });
    const unknown = handOverOf({ ...optionsOf().system, timezone: "Mars/Olympus" });
    assert.equal(unknown.serial, "\nkvm-deploy: failed: the new system knows no time zone Mars/Olympus\n");
    assert.equal(unknown.exitCode, 1);
  });

  it("tells which script failed, and ends", () => {
    const { serial, exitCode } = handOver({ scripts: { after: ["exit 3"] } });
    assert.deepEqual({ serial, exitCode }, { serial: "\nkvm-deploy: failed: script after/001\n", exitCode: 1 });
  });

  it("runs the scripts before the installation, and tells which one failed", () => {
    const script = section("%pre --erroronfail");
    const { serial, exitCode } = deliver(
      redhatHandOver(optionsOf({ scripts: { before: ["true", "exit 3"] } }).system, "the mark"),
      ({ folder }) => script.replaceAll("/run/install/repo", folder),
    );
    assert.deepEqual({ serial, exitCode }, { serial: "\nkvm-deploy: failed: script before/002\n", exitCode: 1 });
  });
});

describe("an error of Anaconda", () => {
  /** @param log what the installer has written to /tmp/anaconda.log */
  function toldAfter(log: string | undefined): string {
    const folder = scratchFolder();
    mkdirSync(path.join(folder, "tmp"));
    if (log !== undefined) writeFileSync(path.join(folder, "tmp/anaconda.log"), log);
    const script = section("%onerror")
      .replaceAll("/tmp/", `${folder}/tmp/`)
      .replaceAll("/dev/ttyS1", `${folder}/serial`);
    spawnSync("bash", ["-c", script]);
    return existsSync(path.join(folder, "serial")) ? readFileSync(path.join(folder, "serial"), "utf8") : "";
  }

  const failed = (reason: string) => `\nkvm-deploy: failed: ${reason}\n`;

  it("is told by the last one in its log", () => {
    const log = "11:00:01,000 ERR a: first\n11:00:02,000 CRT b: no disk %s $x\n11:00:03,000 INF c: the end\n";
    assert.equal(toldAfter(log), failed("11:00:02,000 CRT b: no disk %s $x"));
  });

  it("is told by the last line of a traceback", () => {
    const log = `11:00:01,000 ERR a: first
11:00:02,000 CRT exception: Traceback (most recent call last):

  File "/a.py", line 1, in run
    raise StorageError

blivet.errors.StorageError: no room

11:00:03,000 DBG b: lines
of another matter
`;
    assert.equal(toldAfter(log), failed("blivet.errors.StorageError: no room"));
  });

  it("is told by the last check where the answers leave a question open", () => {
    const report = (errors: string) => `ValidationReport(error_messages=[${errors}], warning_messages=[])`;
    const log = `11:00:01,000 DBG a: applied: ${report("'an older one'")}
11:00:02,000 DBG a: applied: ${report("'/boot is too small'")}
11:00:02,000 DBG a: applied: ${report("")}
11:00:03,000 CRT exception: Traceback (most recent call last):

CmdlineError: The following mandatory spokes are not completed:
Installation Destination
`;
    assert.equal(toldAfter(log), failed(report("'/boot is too small'")));
    assert.equal(toldAfter(log.replaceAll(/^.*applied.*\n/gm, "")), failed("Installation Destination"));
  });

  it("in the kickstart file is told by its place, without what stands there", () => {
    const line = "11:00:02,000 ERR kickstart.parsing: The following problem occurred on line 12 of the kickstart file:";
    assert.equal(toldAfter(`${line}\n\nunrecognized arguments: --pasphrase=hunter2\n\n`), failed(line));
  });

  it("is told without a log, too", () => {
    assert.equal(toldAfter(undefined), failed("an error that the installer shows on the console"));
  });
});

describe("the end of Anaconda", () => {
  /** What comes to the serial port by an installer that ends soon. @param files below /tmp, at that end */
  function shippedOf(files: Readonly<Record<string, string>>): string {
    const folder = scratchFolder();
    const at = (file: string) => path.join(folder, file);
    for (const [file, content] of Object.entries(files)) writeFileSync(at(file), content);
    const body = startSection.replace(/^%pre\n/, "").replace(/%end\n$/, "");
    const script = body.replaceAll("/tmp/", `${folder}/`).replaceAll("/dev/ttyS1", at("serial"));
    writeFileSync(at("pre"), script);
    // The installer waits until the script's output is closed; at its end its group is hung up.
    const installer = `sh ${at("pre")} | cat; sleep 1.5; kill -HUP 0`;
    const { signal } = spawnSync("timeout", ["10", "setsid", "--wait", "bash", "-c", installer]);
    assert.equal(signal, "SIGHUP");
    spawnSync("timeout", ["10", "sh", "-c", `while fuser -s ${at("serial")}; do sleep 0.1; done`]);
    return readFileSync(at("serial"), "utf8");
  }

  it("is a failure when nobody has told how", () => {
    const log = "11:00:01,000 INF a: b\n11:00:02,000 ERR kickstart.script: Error code 1\n";
    assert.equal(
      shippedOf({ "anaconda.log": log }),
      `${log}\nkvm-deploy: failed: 11:00:02,000 ERR kickstart.script: Error code 1\n`,
    );
  });

  it("leaves the logins of proxies and repositories in the machine", () => {
    const log = "11:00:02,000 ERR a: http://ann:it%27s@proxy.example:3128 and https://b:c@m.example/x failed\n";
    const shown = log.replace("ann:it%27s", "...").replace("b:c", "...");
    assert.equal(shippedOf({ "anaconda.log": log }), `${shown}\nkvm-deploy: failed: ${shown}`);
  });

  it("is none after the hand-over, or what was told before; the stages are told from either log", () => {
    const queue =
      "11:00:01,000 INFO boss:INFO:anaconda.modules.boss.installation:Queue started: Payload installation (5/22)\n";
    const told = shippedOf({ syslog: `11:00:00,000 INFO kernel: x\n${queue}`, "kvm-deploy-told": "" });
    assert.equal(told, queue);
    assert.equal(redhat.stageOf(told.trim()), "packages");
  });
});
