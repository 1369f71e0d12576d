import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { run } from "../../provider/host/run";
import { CommandFailed } from "../../provider/values/errors";
import { scratchFolder } from "../iso/host";
import { isAlive, until } from "./processes";

describe("a program", () => {
  it("gives what it prints, as it prints it", async () => {
    assert.deepEqual(await run("sh", ["-c", "echo out; echo err >&2"]), {
      exitCode: 0,
      stdout: "out\n",
      stderr: "err\n",
    });
  });

  it("gets its arguments untouched by any shell", async () => {
    const args = ["$HOME", "a b", "*", "; exit 1", "'"];
    assert.equal((await run("printf", ["%s\n", ...args])).stdout, `${args.join("\n")}\n`);
  });

  it("speaks English and knows all letters, whatever the environment says", async () => {
    const env = { LC_ALL: "de_DE.UTF-8", LANGUAGE: "de", OWN: "own" };
    const { stdout } = await run("sh", ["-c", 'echo "$LC_ALL $LANGUAGE $OWN"'], { env });
    assert.equal(stdout, "C.UTF-8  own\n");
    assert.equal((await run("sh", ["-c", "locale charmap"])).stdout, "UTF-8\n");
  });

  it("reads what it is given, and else nothing", async () => {
    assert.equal((await run("cat", [], { input: "text" })).stdout, "text");
    assert.equal((await run("cat", [])).stdout, "");
  });

  it("runs in the folder that is asked for", async () => {
    const folder = scratchFolder();
    assert.equal((await run("pwd", ["-P"], { cwd: folder })).stdout.trim(), path.resolve(folder));
  });

  it("may answer by its exit code", async () => {
    assert.equal((await run("sh", ["-c", "exit 3"], { accept: [3] })).exitCode, 3);
  });
});

describe("a program that fails", () => {
  it("is told with its name, exit code and last words", async () => {
    const failure = await run("sh", ["-c", "echo why >&2; exit 4"]).catch((error: unknown) => error);
    assert.ok(failure instanceof CommandFailed);
    assert.equal(failure.failure.exitCode, 4);
    assert.equal(failure.message, "sh failed with exit code 4: why");
  });

  it("by another exit code than those that are answers is told", async () =>
    assert.rejects(run("sh", ["-c", "exit 4"], { accept: [3] }), CommandFailed));

  for (const [program, packageName] of [
    ["no-such-program", "no-such-program"],
    // The host's path is the one of this process.
    ["virsh", "libvirt-clients"],
  ] as const) {
    it(`because ${program} is missing says what to install`, async () => {
      const before = process.env["PATH"];
      process.env["PATH"] = "/nowhere";
      try {
        await assert.rejects(run(program, []), {
          code: "not-found",
          message: `the program ${program} is not installed. Install it (Debian: apt-get install ${packageName})`,
        });
      } finally {
        process.env["PATH"] = before;
      }
    });
  }
});

describe("a program that takes too long", () => {
  it("is ended with all that it has started", async () => {
    const folder = scratchFolder();
    const pidFile = path.join(folder, "pid");
    await assert.rejects(run("sh", ["-c", `sleep 60 & echo $! > ${pidFile}; wait`], { timeoutMs: 500 }), {
      code: "timeout",
      message: /^sh took over 0\.5 s and was ended$/,
    });
    const pid = Number(readFileSync(pidFile, "utf8"));
    assert.ok(await until(() => !isAlive(pid)), "the sleep goes on");
  });

  it("is ended for good when it doesn't listen", async () => {
    const started = Date.now();
    await assert.rejects(run("sh", ["-c", "trap '' TERM; while :; do sleep 0.1; done"], { timeoutMs: 200 }), {
      code: "timeout",
    });
    assert.ok(Date.now() - started < 10_000);
  });
});

describe("a program that the user interrupts", () => {
  it("is ended", async () => {
    const interruption = new AbortController();
    const work = run("sleep", ["60"], { signal: interruption.signal });
    await setTimeout(200);
    interruption.abort();
    await assert.rejects(work, { code: "interrupted", message: "sleep was interrupted" });
  });

  it("before it began ends at once", async () =>
    assert.rejects(run("sleep", ["60"], { signal: AbortSignal.abort() }), { code: "interrupted" }));
});
