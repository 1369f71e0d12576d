import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { parseYaml } from "../../provider/format/yaml/load";
import type { Release } from "../../provider/install/family";
import { type FamilyId, familyOf } from "../../provider/install/index";
import { systemOptions } from "../../provider/install/shared/system";
import { CommandFailed } from "../../provider/values/errors";
import { loadConfig } from "../../sdk/config";
import { configurationOf } from "../../tools/accept/configuration";
import { type Fact, factsFor, findingsIn, scriptOf } from "../../tools/accept/facts";
import { firmwares, parseAcceptOptions } from "../../tools/accept/options";
import { isAccepted, type Outcome, reportOf } from "../../tools/accept/report";
import { openSite } from "../../tools/accept/site";
import { withDiagnostics } from "../../tools/accept/stack";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBY8EHFxogtyN3xx4MytD69Mu3gW0Iwizkm/Mxn/1wIs test";

describe("the options of accept", () => {
  it("are releases, all firmwares and enough memory for each installer", () => {
    const { media, ...others } = parseAcceptOptions(["debian:13", "fedora:44"]);
    assert.deepEqual(media, [
      { kind: "release", name: "debian:13" },
      { kind: "release", name: "fedora:44" },
    ]);
    assert.deepEqual(others, { firmwares, memory: "4GiB", report: "accept-report.md" });
  });

  for (const [args, message] of [
    [[], /nothing to install/],
    [["--iso", "x.iso"], /--iso needs --sha256/],
    [["--built", "debian:13"], /--built has a libvirt of its own/],
    [["debian:13", "--firmware", "efi"], /"efi" is no firmware; there are bios, uefi, secure/],
    [["--what"], /--what/],
  ] as const)
    it(`refuse ${args.join(" ") || "nothing"} with the usage`, () => {
      assert.throws(() => parseAcceptOptions(args), message);
      assert.throws(() => parseAcceptOptions(args), /npm run accept -- RELEASE/);
    });
});

it("the configuration of each case is valid", async () => {
  const directory = mkdtempSync(path.join(tmpdir(), "kvm-deploy-accept-"));
  try {
    const medium = { kind: "release", name: "debian:13" } as const;
    const site = await openSite([medium], () => undefined);
    for (const firmware of firmwares) {
      const file = path.join(directory, `${firmware}.yaml`);
      writeFileSync(file, configurationOf({ medium, firmware }, site, "4GiB", key));
      assert.equal(Object.keys(loadConfig(file).machines).length, 1);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});

describe("what is installed", () => {
  for (const [name, id, title] of [
    ["debian:13", "debian", 'Debian GNU/Linux 13.2.0 "Trixie"'],
    ["ubuntu:24.04", "ubuntu", 'Ubuntu-Server 24.04.3 LTS "Noble Numbat"'],
    ["fedora:44", "redhat", "Fedora 44"],
    ["almalinux:10", "redhat", "AlmaLinux 10.0"],
    ["opensuse:15.6", "suse", "openSUSE Leap 15.6"],
    ["opensuse:16.0", "agama", "Leap 16.0"],
    ["opensuse:16.1/online", "agama", "Leap 16.1"],
  ] as const)
    it(`has nothing that ${name} refuses`, async () => {
      const [medium = { kind: "built" }] = parseAcceptOptions([name]).media;
      const site = await openSite([medium], () => undefined);
      const text = configurationOf({ medium, firmware: "bios" }, site, "4GiB", key);
      const { installers } = parseYaml(text, "accept").value as {
        installers: Record<string, { system: object } & Partial<Record<FamilyId, unknown>>>;
      };
      const { system, ...others } = Object.values(installers)[0] ?? { system: {} };
      const [options, own, family] = [systemOptions.parse(system), others[id] ?? {}, familyOf(id)];
      assert.deepEqual(family.limits(options, own), []);
      const release = { family: id, title, version: /\d+(\.\d+)?/.exec(title)?.[0] ?? "" };
      assert.deepEqual(family.releaseLimits(release as Release, options, own), []);
    });
});

it("a failure of Pulumi is reported with its diagnostics", () => {
  const stdout =
    "Previewing:\n + stack\nDiagnostics:\n  kvm:Machine (web):\n    error: no disk\n\nResources:\n    1 errored\n";
  const failed = new CommandFailed({ command: ["nsenter", "pulumi"], exitCode: 1, stdout, stderr: "" });
  assert.equal((withDiagnostics(failed) as Error).message, "kvm:Machine (web):\n    error: no disk");
  const other = new CommandFailed({ command: ["pulumi"], exitCode: 1, stdout: "", stderr: "no stack" });
  assert.equal(withDiagnostics(other), other);
});

describe("facts", () => {
  const facts: readonly Fact[] = [
    { name: "equal", command: "echo one; echo two", expected: "one\ntwo" },
    { name: "matching", command: "echo one >&2; exit 3", expected: /^o/ },
    { name: "wrong", command: "printf 'no line'", expected: "a line" },
    { name: "silent", command: "true", expected: "" },
  ];

  it("are read from the output of one script, whatever one of them prints", () => {
    const output = execFileSync("sh", ["-s"], { input: scriptOf(facts), encoding: "utf8" });
    assert.deepEqual(
      findingsIn(output, facts).map(({ actual, isTrue }) => [actual, isTrue]),
      [
        ["one\ntwo", true],
        ["one", true],
        ["no line", false],
        ["", true],
      ],
    );
  });

  it("are not true without an answer", () => {
    assert.ok(findingsIn("", facts).every(({ isTrue }) => !isTrue));
  });

  it("have different names, and are some thirty", async () => {
    const medium = { kind: "release", name: "debian:13" } as const;
    const site = await openSite([medium], () => undefined);
    const names = factsFor({ medium, firmware: "secure" }, site, []).map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length >= 30);
  });
});

describe("the report", () => {
  const fact: Fact = { name: "host name", command: "uname -n", expected: "web" };
  const outcome: Outcome = {
    case: { medium: { kind: "release", name: "debian:13" }, firmware: "uefi" },
    release: "Debian GNU/Linux 13 (trixie)",
    minutes: 4,
    findings: [{ fact, actual: "web", isTrue: true }],
  };

  it("accepts an installation whose facts are all true", () => {
    assert.ok(isAccepted(outcome));
    const row = "| debian:13 | uefi | Debian GNU/Linux 13 (trixie) | 1 of 1 | 4 min | accepted |";
    assert.ok(reportOf([outcome], ["CPU: one"]).includes(row));
  });

  it("does not accept one without facts, with a wrong one, or with a failure, and shows what was found", () => {
    const wrong = { ...outcome, findings: [{ fact, actual: "debian", isTrue: false }] };
    for (const each of [{ ...outcome, findings: [] }, wrong, { ...outcome, failure: "no answer" }])
      assert.ok(!isAccepted(each));
    assert.match(reportOf([wrong], []), /not accepted[^]*host name: expected "web", found\n\n```\ndebian\n```/);
  });
});
