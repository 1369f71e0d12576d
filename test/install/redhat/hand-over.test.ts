import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { handOverSections, redhatHandOver } from "../../../provider/install/redhat/hand-over";
import { scratchFolder } from "../../iso/host";
import { hash } from "../debian/options";
import { deliver } from "../shared/new-system";
import { type Given, optionsOf } from "./options";

/** The body of a section as the installer hands it to a shell. @param header such as `%onerror` */
function section(header: string): string {
  const body = handOverSections.split(`\n${header}\n`)[1]?.split("\n%end\n")[0];
  assert.ok(body !== undefined, header);
  return body;
}

function handOver(given: Given) {
  return deliver(redhatHandOver(optionsOf(given).system, "the mark"), ({ folder, target }) =>
    section("%post --nochroot --erroronfail")
      .replaceAll("/run/install/repo", folder)
      .replaceAll("/mnt/sysroot", target),
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

  it("is told by the last one in its log", () => {
    const log = "11:00:01,000 ERR a: first\n11:00:02,000 CRT b: no disk %s $x\n11:00:03,000 INF c: the end\n";
    assert.equal(toldAfter(log), "\nkvm-deploy: failed: 11:00:02,000 CRT b: no disk %s $x\n");
  });

  it("is told without a log, too", () => {
    assert.match(toldAfter(undefined), /^\nkvm-deploy: failed: an error that the installer shows on the console\n$/);
  });
});
