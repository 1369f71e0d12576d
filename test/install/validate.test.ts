import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { escapePreseed } from "../../provider/format/preseed";
import { renderTemplate } from "../../provider/format/template";
import { validator as debconf } from "../../provider/install/debian/validator";
import type { Release, Validator } from "../../provider/install/family";
import { validator as pykickstart } from "../../provider/install/redhat/validator";
import { problemsOfAnswers } from "../../provider/install/validate";
import { scratchFolder, scratchHost } from "../iso/host";

const folder = scratchFolder();
const host = scratchHost(folder);

/** Whoever installs packages has this file locked. */
const debconfDatabase = "/var/cache/debconf/config.dat";

/** What the validator says of a template's answers, and what the user is told beside. */
async function problemsOf(text: string, validator: Validator) {
  const told: string[] = [];
  const rendered = renderTemplate({ path: "own.hbs", text }, { off: false, list: ["a", "b"] }, escapePreseed);
  const problems = await problemsOfAnswers({ rendered }, validator, "own.hbs", host, {
    warn: (line) => told.push(line),
  });
  return { told, problems: problems.map(({ property, reason }) => `${property}: ${reason}`) };
}

describe("Debian's answers, read by debconf", () => {
  it("are right when each line is an answer", async () => {
    const text = "# a\nd-i a/b string x\n{{#each list}}\nd-i c/{{this}} boolean true\n{{/each}}\n";
    assert.deepEqual(await problemsOf(text, debconf()), { told: [], problems: [] });
  });

  it("are told by the template's lines when they are wrong, without what stands there", async () => {
    const text =
      "{{#if off}}\nd-i a/b string x\n{{/if}}\nd-i $6$secret\n{{#each list}}\nd-i c/{{this}} strng $6$secret\n{{/each}}\n";
    const { problems } = await problemsOf(text, debconf());
    assert.deepEqual(problems, [
      "template: own.hbs:4: is no answer; write OWNER QUESTION TYPE VALUE",
      "template: own.hbs:6: has a type that debconf doesn't know; there are string, boolean, select, multiselect, password, note and text",
      "template: own.hbs:6: has a type that debconf doesn't know; there are string, boolean, select, multiselect, password, note and text",
    ]);
  });

  it("can be read many at once, and while packages are installed", async () => {
    const dpkg = spawn("flock", [debconfDatabase, "cat"], { stdio: ["pipe", "ignore", "inherit"] });
    try {
      const readings = Array.from({ length: 8 }, () => problemsOf("d-i a/b string x\n", debconf()));
      for (const { problems } of await Promise.all(readings)) assert.deepEqual(problems, []);
    } finally {
      dpkg.stdin.end();
    }
  });

  it("are refused, too, when debconf says what is not foreseen", () => {
    assert.deepEqual(debconf().parse({ stdout: "", stderr: "out of memory", exitCode: 2 }), [
      { message: "debconf-set-selections can't read it, and ends with 2" },
    ]);
  });
});

describe("Anaconda's answers, read by a pykickstart", () => {
  const release: Release = { family: "redhat", title: "Fedora 43", version: "43" };
  const old = (version: string) => path.join(folder, `ksvalidator-${version}`);

  it("that is older than the release are not refused: it says that they are not checked", async () => {
    const program = old("3.32");
    const words = "Checking kickstart file x\\n\\nThe version F43 is not supported by pykickstart";
    writeFileSync(program, `#!/bin/sh\nprintf '${words}\\n'\nexit 1\n`, { mode: 0o755 });
    const real = pykickstart(release);
    const validator = { ...real, command: [program, ...real.command.slice(1)] };
    const { told, problems } = await problemsOf("x\n", validator);
    assert.deepEqual(problems, []);
    assert.match(
      told.join(),
      /^the answers are not checked by .*, which is too old to know the release F43; get it from/,
    );
  });

  it("are read by the newest rules where the release has no number", () => {
    const rawhide = { ...release, title: "Fedora Rawhide", version: "Rawhide" };
    assert.deepEqual(pykickstart(rawhide).command, ["ksvalidator", "FILE"]);
  });
});

describe("a validator", () => {
  it("that the host doesn't have is told, with where to get it", async () => {
    const missing: Validator = {
      command: ["no-such-validator", "FILE"],
      obtainedFrom: "the shop",
      parse: () => assert.fail(),
    };
    assert.deepEqual(await problemsOf("x\n", missing), {
      told: ["the answers are not checked by no-such-validator, which the host doesn't have; get it from the shop"],
      problems: [],
    });
  });

  it("reads a file that only root can read, and that is gone afterwards", async () => {
    const script = path.join(folder, "validator");
    writeFileSync(script, '#!/bin/sh\nstat -c %a "$1"\ncat "$1"\necho "$1"\nexit 7\n', { mode: 0o755 });
    let file = "";
    const parse: Validator["parse"] = ({ stdout, exitCode }) => {
      const [mode, text, name = ""] = stdout.split("\n");
      file = name;
      assert.deepEqual([mode, text, exitCode], ["600", "x", 7]);
      return [{ message: "seen" }];
    };
    const { problems } = await problemsOf("x\n", { command: [script, "FILE"], obtainedFrom: "", parse });
    assert.deepEqual(problems, ["template: own.hbs: seen"]);
    assert.ok(!existsSync(file));
  });
});
