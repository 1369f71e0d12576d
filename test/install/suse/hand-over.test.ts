import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { suseHandOver } from "../../../provider/install/suse/hand-over";
import { suse } from "../../../provider/install/suse/index";
import { deliver } from "../shared/new-system";
import { type Given, optionsOf } from "./options";

const hooks = "var/lib/YaST2/hooks/installation";
const lastHook = `${hooks}/before_copy_logs_finish_90_kvm-deploy`;

/** The text of one of the files in the initrd. */
function textOf(file: string, given: Given = {}): string {
  const files = suseHandOver(optionsOf(given).system, "the mark");
  return String(files.find(({ path: at }) => at === file)?.content ?? assert.fail(file));
}

/** The profile's second script, then YaST's hook, in the new system as YaST runs it. */
function handOver(given: Given, before = "true") {
  return deliver(suseHandOver(optionsOf(given).system, "the mark"), ({ folder, target }) => {
    const copy = textOf("kvm-deploy/copy")
      .replaceAll(/(?<=[ \n])\/(?=kvm-deploy|var\/lib\/YaST2)/g, `${folder}/`)
      .replaceAll("/mnt/", `${target}/`);
    // The brackets keep the port's name, which is replaced in the text of this script, but not in that of the hook.
    return `${before.replaceAll("/mnt/", `${target}/`)}
(
${copy}
) || exit
sed -i s:/dev/tty[S]1:/serial: ${target}/${lastHook}
code=0
chroot ${target} /${lastHook} || code=$?
cat ${target}/serial >/dev/ttyS1
exit $code`;
  });
}

/** The profile's first script, where it may find something missing. */
function begin(given: Given, without: (file: string) => boolean = () => false) {
  const files = suseHandOver(optionsOf(given).system, "the mark").filter(({ path: file }) => !without(file));
  return deliver(files, ({ folder }) => {
    const at = (text: string) => text.replaceAll(/(?<=[ \n])\/(?=kvm-deploy|var\/lib\/YaST2)/g, `${folder}/`);
    const runBefore = `(${at(textOf("kvm-deploy/run-before"))})`;
    return `sleep() { echo "sleeps for $1"; exit; }
${at(textOf("kvm-deploy/start"))
  .replace(/^sh \S+ship-log.*$/m, "")
  .replace(/sh \S+run-before/, runBefore)}`;
  });
}

describe("the hand-over of YaST", () => {
  it("brings the locale and the mark into the new system, and leaves nothing of its own", () => {
    const { serial, output, exitCode, read, isThere } = handOver({ locale: "C.UTF-8" });
    assert.deepEqual({ serial, output, exitCode }, { serial: "\nthe mark\n", output: "", exitCode: 0 });
    assert.equal(read("etc/locale.conf"), "LANG=C.UTF-8\n");
    assert.ok(!isThere("var/lib/kvm-deploy-source/mark"));
    assert.ok(!isThere("var/lib/kvm-deploy-setup"));
    for (const hook of [lastHook, `${hooks}/installation_failure_90_kvm-deploy`]) assert.ok(!isThere(hook), hook);
  });

  it("tells which script failed", () => {
    const { serial, exitCode } = handOver({ scripts: { after: ["true", "exit 3"] } });
    assert.deepEqual({ serial, exitCode }, { serial: "\nkvm-deploy: failed: script after/002\n", exitCode: 1 });
  });

  it("replaces the distribution's time servers, and starts what asks them; or stops it", () => {
    const systemctl = "/mnt/usr/bin/systemctl";
    const stub = `printf '#!/bin/sh\\necho "$@" >>/asked\\n' >/mnt/stub; rm -f ${systemctl}; mv /mnt/stub ${systemctl}; chmod +x ${systemctl}`;
    const pool = "etc/chrony.d/pool.conf";
    const with2 = handOver({ ntp: ["ntp.example.org", "10.0.0.1"] }, stub);
    assert.equal(with2.read(pool), "server ntp.example.org iburst\nserver 10.0.0.1 iburst\n");
    assert.equal(with2.read("asked"), "enable chronyd.service\n");
    const without = handOver({ ntp: false }, stub);
    assert.equal(without.read("asked"), "disable chronyd.service\n");
    assert.ok(!without.isThere(pool));
    assert.ok(!handOver({}, stub).isThere("asked"));
  });

  it("leaves no copy of the profile, which holds passphrases", () => {
    const cache = "/mnt/var/adm/autoinstall/cache";
    const { isThere } = handOver(
      {},
      `mkdir -p ${cache}; touch ${cache}/installedSystem.xml ${cache}/pre-autoinst.xml ${cache}/kept`,
    );
    const left = ["installedSystem.xml", "pre-autoinst.xml", "kept"].filter((file) =>
      isThere(`var/adm/autoinstall/cache/${file}`),
    );
    assert.deepEqual(left, ["kept"]);
  });

  it("tells that it could not be copied", () => {
    const { serial, exitCode } = handOver({}, "mkdir -p /mnt/var/lib; rm -rf /mnt/var/lib; touch /mnt/var/lib");
    assert.equal(serial, "\nkvm-deploy: failed: the hand-over could not be copied\n");
    assert.notEqual(exitCode, 0);
  });

  it("never lets the installer go on to the disk after a script that failed", () => {
    const { serial, output } = begin({ scripts: { before: ["exit 3"] } });
    assert.equal(serial, "\nkvm-deploy: failed: script before/001\n");
    assert.equal(output, "sleeps for infinity\n");
  });

  it("has its hooks in the initrd, and never lets the installer go on to the disk without them", () => {
    assert.equal(begin({}).serial, "");
    const { serial, output } = begin({}, (file) => file === lastHook);
    assert.equal(serial, "\nkvm-deploy: failed: the hooks are not in the installer\n");
    assert.equal(output, "sleeps for infinity\n");
  });
});

describe("what leaves the machine of YaST's log", () => {
  const secret = "hunter2";
  const cases: readonly { readonly line: string; readonly sent: string }[] = [
    {
      line: "2026-01-01 10:00:00 <1> install(2817) [Ruby] yast/wfm.rb:341 Call client /usr/share/YaST2/clients/inst_prepdisk.rb",
      sent: "2026-01-01 10:00:00 <1> Call client inst_prepdisk\n",
    },
    {
      line: "2026-01-01 10:00:00 <1> install(2817) [Ruby] yast/wfm.rb:341 Call client bootloader_finish",
      sent: "2026-01-01 10:00:00 <1> Call client bootloader_finish\n",
    },
    {
      line: `2026-01-01 10:00:00 <3> install(2817) [Ruby] registration/connect_helpers.rb:60 http://ann:${secret}@proxy refused`,
      sent: "2026-01-01 10:00:00 <3> install(2817) [Ruby] registration/connect_helpers.rb:60\n",
    },
    {
      line: `2026-01-01 10:00:00 <5> install(2817) [zypp] Exception.cc(log):166 ${secret}`,
      sent: "2026-01-01 10:00:00 <5> install(2817) [zypp] Exception.cc(log):166\n",
    },
    { line: `2026-01-01 10:00:00 <3> install(2817) [${secret} ] ${secret}`, sent: "" },
    { line: `2026-01-01 10:00:00 <1> install(2817) [Ruby] a.rb:1 {"crypt_key"=>"${secret}"}`, sent: "" },
    { line: `2026-01-01 10:00:00 <1> install(2817) [Ruby] a.rb:1 Call client ${secret}`, sent: "" },
    { line: `    <crypt_key>Call client ${secret}</crypt_key>`, sent: "" },
  ];
  for (const { line, sent } of cases) {
    it(`of ${JSON.stringify(line.slice(20, 80))} is ${JSON.stringify(sent.trim())}`, () => {
      assert.equal(filtered(line), sent);
    });
  }

  it("leaves at once, while the log grows", () => {
    assert.match(textOf("kvm-deploy/start"), /^sh \/kvm-deploy\/ship-log .*&$/m);
    const { serial } = deliver(suseHandOver(optionsOf({}).system, "the mark"), ({ folder }) => {
      const ship = textOf("kvm-deploy/ship-log")
        .replace("/kvm-deploy/", `${folder}/kvm-deploy/`)
        .replace("/var/log/YaST2/y2log", `${folder}/y2log`);
      const [first, second, third] = cases.map(({ line }) => line);
      return `cat >${folder}/ship <<'END'\n${ship}END
echo '${first ?? ""}' >${folder}/y2log
(sleep 0.5; echo '${second ?? ""}'; echo '${third ?? ""}') >>${folder}/y2log &
timeout 3 sh ${folder}/ship || :`;
    });
    assert.equal(
      serial,
      cases
        .slice(0, 3)
        .map(({ sent }) => sent)
        .join(""),
    );
  });

  it("tells the stages", () => {
    assert.equal(suse.stageOf(filtered(cases[0]?.line ?? "")), "partitioning");
  });

  it("is where there was an error, when YaST gives up", () => {
    const { serial } = deliver(suseHandOver(optionsOf({}).system, "the mark"), ({ folder }) => {
      const log = cases.map(({ line }) => line).join("\n");
      const hook = textOf(`${hooks}/installation_failure_90_kvm-deploy`)
        .replace("/kvm-deploy/", `${folder}/kvm-deploy/`)
        .replace("/var/log/YaST2/y2log", `${folder}/y2log`);
      return `cat >${folder}/y2log <<'END'\n${log}\nEND\n${hook}`;
    });
    const place = "2026-01-01 10:00:00 <5> install(2817) [zypp] Exception.cc(log):166";
    assert.equal(serial, `\nkvm-deploy: failed: ${place}; the console shows what it was\n`);
  });
});

function filtered(line: string): string {
  const script = textOf("kvm-deploy/log-filter");
  return execFileSync("sed", ["-n", "-u", "-E", "-e", script], { input: `${line}\n`, encoding: "utf8" });
}
