import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { suseHandOver } from "../../../provider/install/suse/hand-over";
import { deliver } from "../shared/new-system";
import { type Given, optionsOf } from "./options";

/** The text of one of the hand-over's files. */
function textOf(file: string, given: Given = {}): string {
  const files = suseHandOver(optionsOf(given).system, "the mark");
  return String(files.find(({ path: at }) => at === `kvm-deploy/${file}`)?.content);
}

/** The profile's second script, then YaST's hook, in the new system as YaST runs it. */
function handOver(given: Given) {
  return deliver(suseHandOver(optionsOf(given).system, "the mark"), ({ folder, target }) => {
    const copy = textOf("copy")
      .replaceAll(/(?<=[ \n])\/kvm-deploy/g, `${folder}/kvm-deploy`)
      .replaceAll("/mnt/", `${target}/`);
    const hook = "/var/lib/YaST2/hooks/installation/before_copy_logs_finish_90_kvm-deploy";
    // The brackets keep the port's name, which is replaced in the text of this script, but not in that of the hook.
    return `${copy}
sed -i s:/dev/tty[S]1:/serial: ${target}${hook}
code=0
chroot ${target} ${hook} || code=$?
cat ${target}/serial >/dev/ttyS1
exit $code`;
  });
}

describe("the hand-over of YaST", () => {
  it("brings the locale and the mark into the new system, and leaves nothing of its own", () => {
    const { serial, output, exitCode, read, isThere } = handOver({ locale: "C.UTF-8" });
    assert.deepEqual({ serial, output, exitCode }, { serial: "\nthe mark\n", output: "", exitCode: 0 });
    assert.equal(read("etc/locale.conf"), "LANG=C.UTF-8\n");
    assert.ok(!isThere("var/lib/kvm-deploy-source/mark"));
    assert.ok(!isThere("var/lib/kvm-deploy-setup"));
  });

  it("tells which script failed", () => {
    const { serial, exitCode } = handOver({ scripts: { after: ["true", "exit 3"] } });
    assert.deepEqual({ serial, exitCode }, { serial: "\nkvm-deploy: failed: script after/002\n", exitCode: 1 });
  });

  it("never lets the installer go on to the disk after a script that failed", () => {
    const { serial, output } = deliver(
      suseHandOver(optionsOf({ scripts: { before: ["exit 3"] } }).system, "the mark"),
      ({ folder }) =>
        `sleep() { echo "sleeps for $1"; }
${textOf("start")
  .replaceAll("/kvm-deploy/", `${folder}/kvm-deploy/`)
  .replace(/^\(exec tail.*$/m, "")
  .replaceAll("/var/lib/YaST2", `${folder}/YaST2`)
  .replace(
    `sh ${folder}/kvm-deploy/run-before`,
    `(${textOf("run-before").replaceAll("/kvm-deploy/", `${folder}/kvm-deploy/`)})`,
  )}`,
    );
    assert.equal(serial, "\nkvm-deploy: failed: script before/001\n");
    assert.equal(output, "sleeps for infinity\n");
  });
});
