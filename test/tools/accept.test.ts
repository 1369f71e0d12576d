import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { loadConfig } from "../../sdk/config";
import { configurationOf } from "../../tools/accept/configuration";
import { type Fact, factsFor, findingsIn, scriptOf } from "../../tools/accept/facts";
import { firmwares, parseAcceptOptions } from "../../tools/accept/options";
import { isAccepted, type Outcome, reportOf } from "../../tools/accept/report";
import { openSite } from "../../tools/accept/site";

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
