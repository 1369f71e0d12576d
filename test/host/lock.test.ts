import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { type Clock, systemClock } from "../../provider/host/clock";
import { localFiles } from "../../provider/host/files";
import { fileLock } from "../../provider/host/lock";
import { localLockFiles, sweepLocks } from "../../provider/host/lock-files";
import { run } from "../../provider/host/run";
import { scratchFolder } from "../iso/host";
import { root } from "../site";
import { until } from "./processes";

const scratch = scratchFolder();
const folder = path.join(scratch, "locks");
const files = localFiles(path.join(scratch, "temporary"), run);
const lock = fileLock(folder, localLockFiles(files), systemClock);
const left = () => (existsSync(folder) ? readdirSync(folder) : []);

interface Other {
  readonly child: ChildProcess;
  letGo(): void;
  /** Until it has said a line that begins so. */
  said(text: string): Promise<string>;
}

/** Another program that asks for the lock, holds it until it is told to let go, and ends then. */
function other(name: string, enter: readonly string[] = []): Other {
  const program = `
    const { fileLock } = require("./provider/host/lock");
    const { localLockFiles } = require("./provider/host/lock-files");
    const { localFiles } = require("./provider/host/files");
    const { run } = require("./provider/host/run");
    const { systemClock } = require("./provider/host/clock");
    const lock = fileLock(${JSON.stringify(folder)}, localLockFiles(localFiles("/nowhere", run)), systemClock);
    void lock(${JSON.stringify(name)}, () => {
      console.log("held");
      return new Promise((resolve) => process.stdin.once("data", resolve));
    }, { urn: "urn:other", progress: (text) => console.log("told " + text) }).then(() => process.exit(0));
  `;
  const node = [process.execPath, "--import", "tsx", "-e", program];
  const child = spawn("env", [...enter, ...node], { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  return {
    child,
    letGo: () => child.stdin.write("go\n"),
    said: async (text) => {
      const line = () => printed.split("\n").find((candidate) => candidate.startsWith(text));
      while (line() === undefined) await once(child.stdout, "data");
      return line() ?? "";
    },
  };
}

/** The flocks that wait for a lock below the folder. */
function waiting(): string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      const isFlock = readFileSync(`/proc/${pid}/cmdline`, "latin1").startsWith("flock\0");
      return (
        isFlock &&
        execFileSync("readlink", [`/proc/${pid}/fd/0`])
          .toString()
          .startsWith(folder)
      );
    } catch {
      return false;
    }
  });
}

describe("a lock", () => {
  it("lets one at a time in, within a process, in the order of their asking", async () => {
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} in`);
      await setTimeout(20);
      order.push(`${name} out`);
    };
    await Promise.all(["a", "b", "c"].map((name) => lock("one", work(name))));
    assert.deepEqual(order, ["a in", "a out", "b in", "b out", "c in", "c out"]);
    assert.deepEqual(left(), []);
  });

  it("is handed on within a process: nothing locks again until the last call is done", async () => {
    const before = process.env["PATH"];
    const first = lock("handed", () => {
      process.env["PATH"] = "/nowhere";
      return Promise.resolve();
    });
    try {
      await Promise.all([first, lock("handed", () => Promise.resolve()), lock("handed", () => Promise.resolve())]);
      await assert.rejects(
        lock("handed", () => Promise.resolve()),
        {
          code: "not-found",
          message: "the program flock is not installed. Install it (Debian: apt-get install util-linux)",
        },
      );
    } finally {
      process.env["PATH"] = before;
    }
    // The file that was left without its lock is as good as none.
    await lock("handed", () => Promise.resolve());
    assert.deepEqual(left(), []);
  });

  it("of another name or host is another lock", async () => {
    const elsewhere = fileLock(path.join(scratch, "other"), localLockFiles(files), systemClock);
    const value = await lock("two", () => lock("three", () => elsewhere("two", () => Promise.resolve("inside"))));
    assert.equal(value, "inside");
    assert.ok(!existsSync(folder) && !existsSync(path.join(scratch, "other")), "no folders are left");
  });

  it("is free again after a failure, also of many at once", async () => {
    const failing = () => lock("failing", () => Promise.reject(new Error("failed")));
    const ended = await Promise.allSettled([failing(), failing(), failing()]);
    assert.deepEqual(new Set(ended.map(({ status }) => status)), new Set(["rejected"]));
    assert.equal(await lock("failing", () => Promise.resolve("next")), "next");
  });

  for (const [where, enter] of [
    ["another process", []],
    ["a process of another network", ["unshare", "--net"]],
    ["a process of another namespace of processes", ["unshare", "--pid", "--fork", "--kill-child"]],
  ] as const) {
    for (const [how, end] of [
      ["lets it go", (holder: Other) => holder.letGo()],
      ["is killed", ({ child }: Other) => child.kill("SIGKILL")],
    ] as const) {
      it(`that ${where} holds is ours as soon as that ${how}, and nothing is left`, async () => {
        const holder = other(how, enter);
        await holder.said("held");
        let isOurs = false;
        const told: string[] = [];
        const ours = lock(
          how,
          () => {
            isOurs = true;
            return Promise.resolve();
          },
          { progress: (text) => told.push(text) },
        );
        assert.ok(await until(() => told.length > 0), "it is told");
        assert.equal(isOurs, false);
        assert.match(
          told[0] ?? "",
          new RegExp(`^waits for urn:other \\(process \\d+\\), which holds the lock for ${how}$`),
        );
        end(holder);
        await ours;
        assert.deepEqual([isOurs, left()], [true, []]);
      });
    }
  }

  it("that we hold is not another process's, to which the holder is reported", async () => {
    const waiter = other("ours");
    await lock(
      "ours",
      async () => {
        assert.equal(
          await waiter.said("told"),
          `told waits for urn:us (process ${process.pid}), which holds the lock for ours`,
        );
      },
      { urn: "urn:us" },
    );
    await waiter.said("held");
    waiter.letGo();
    await once(waiter.child, "exit");
    assert.deepEqual(left(), []);
  });

  it("is given on to another process that waited, and then back, while each removes what it has locked", async () => {
    const counts: number[] = [];
    let inside = 0;
    const others = ["x", "y", "z"].map(() => other("busy"));
    for (const one of others) void one.said("held").then(() => one.letGo());
    while (others.some(({ child }) => child.exitCode === null)) {
      await lock("busy", async () => {
        inside += 1;
        counts.push(inside, left().length);
        await setTimeout(5);
        inside -= 1;
      });
    }
    assert.deepEqual([...new Set(counts)], [1]);
    assert.deepEqual(left(), []);
  });

  it("shows the holder again when the wait takes long, and its host", async () => {
    const told: string[] = [];
    let naps = 0;
    const hurried: Clock = {
      now: () => Date.now(),
      sleep: (_ms, signal) => {
        naps += 1;
        return naps > 3 ? systemClock.sleep(60_000, signal) : Promise.resolve();
      },
    };
    const holder = other("slow", ["unshare", "--uts", "sh", "-c", 'hostname elsewhere; exec "$@"', "sh"]);
    await holder.said("held");
    const ours = fileLock(folder, localLockFiles(files), hurried)("slow", () => Promise.resolve(), {
      progress: (text) => told.push(text),
    });
    assert.ok(await until(() => told.length >= 2));
    holder.letGo();
    await ours;
    for (const text of told)
      assert.match(text, /^waits for urn:other \(process \d+ on elsewhere\), which holds the lock for slow$/);
    assert.notEqual(hostname(), "elsewhere");
  });

  it("is no longer waited for when the user interrupts, be the holder here or elsewhere", async () => {
    const interruption = new AbortController();
    const { signal } = interruption;
    const holder = other("elsewhere");
    await holder.said("held");
    const told: string[] = [];
    await lock("here", async () => {
      const waits = [
        lock("here", () => Promise.resolve(), { signal }),
        lock("elsewhere", () => Promise.resolve(), { signal, progress: (text) => told.push(text) }),
      ];
      assert.ok(await until(() => told.length > 0 && waiting().length > 0));
      interruption.abort();
      for (const wait of waits)
        await assert.rejects(wait, { code: "interrupted", message: /^the wait for (here|elsewhere) was interrupted$/ });
      assert.ok(await until(() => waiting().length === 0), "no flock is left");
    });
    await assert.rejects(
      lock("here", () => Promise.resolve(), { signal }),
      { code: "interrupted" },
    );
    holder.letGo();
    await once(holder.child, "exit");
    assert.deepEqual(left(), []);
  });

  it("of one who was killed while it waited has no process left", async () => {
    const waiter = other("killed waiter");
    await lock("killed waiter", async () => {
      await waiter.said("told");
      waiter.child.kill("SIGKILL");
      await once(waiter.child, "exit");
    });
    assert.ok(await until(() => waiting().length === 0 && left().length === 0));
  });

  it("doesn't keep a process from ending", async () => {
    const program = `
      const { fileLock } = require("./provider/host/lock");
      const { localLockFiles } = require("./provider/host/lock-files");
      const { localFiles } = require("./provider/host/files");
      const lock = fileLock(${JSON.stringify(folder)}, localLockFiles(localFiles("/nowhere", undefined)), { sleep: () => new Promise(() => undefined) });
      void lock("endless", () => { console.log("held"); return new Promise(() => undefined); });`;
    const { stdout } = await run(process.execPath, ["--import", "tsx", "--eval", program], { cwd: root, accept: [13] });
    assert.equal(stdout, "held\n");
    assert.equal(left().length, 1);
    await sweepLocks(folder, files);
    assert.deepEqual(left(), []);
  });

  it("whose holder lives is no leftover, nor one that a process is just taking", async () => {
    await lock("living", async () => {
      writeFileSync(path.join(folder, "begun"), "");
      await sweepLocks(folder, files);
      assert.equal(left().length, 1);
    });
  });

  it("is refused where we may not write, with the path", async () => {
    mkdirSync(path.join(scratch, "roots"), { mode: 0o700 });
    process.seteuid?.(65534);
    try {
      await assert.rejects(
        fileLock(path.join(scratch, "roots"), localLockFiles(files), systemClock)("x", () => Promise.resolve()),
        {
          code: "forbidden",
          message: /^cannot (make|write) \/.*\/roots.*: permission denied\. Run as root/,
        },
      );
    } finally {
      process.seteuid?.(0);
    }
  });
});
