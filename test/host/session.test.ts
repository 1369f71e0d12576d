import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { run, startProgram } from "../../provider/host/run";
import { sessionsBy } from "../../provider/host/session";
import { isAlive, until } from "./processes";

const openSession = sessionsBy(startProgram);
const minute = 60_000;
const shell = (env: Readonly<Record<string, string>> = {}) => openSession("sh", [], env);
const ended = "echo done; echo done >&2\n";

describe("a program that stays", () => {
  it("answers one question after another, each with what was printed for it", async () => {
    const session = shell({ LC_ALL: "de_DE.UTF-8", OWN: "own" });
    assert.deepEqual(await session.ask(`count=1; echo "$LC_ALL $OWN"; echo hm >&2; ${ended}`, "done\n", minute), {
      stdout: "C.UTF-8 own\ndone\n",
      stderr: "hm\ndone\n",
    });
    assert.equal((await session.ask(`echo $((count + 1)); ${ended}`, "done\n", minute)).stdout, "2\ndone\n");
  });

  it("prints as much as it wants, in any characters", async () => {
    const session = shell();
    const { stdout } = await session.ask(`yes äöü | head -n 100000; ${ended}`, "done\n", minute);
    assert.equal(stdout, `${"äöü\n".repeat(100_000)}done\n`);
  });

  it("doesn't keep this process from ending, and ends with it", async () => {
    const program = `
      const { sessionsBy } = require("./provider/host/session");
      sessionsBy(require("./provider/host/run").startProgram)("sh", [], {}).ask("echo $$; echo . >&2\\n", "\\n", 60000).then(({ stdout }) => console.log(stdout.trim()));`;
    const { stdout } = await run(process.execPath, ["--import", "tsx", "--eval", program], { timeoutMs: minute });
    const pid = Number(stdout);
    assert.ok(pid > 0, stdout);
    assert.ok(await until(() => !isAlive(pid)), "it goes on");
  });
});

describe("a program that fails", () => {
  it("is started again by the next question, after it has ended", async () => {
    const session = shell();
    await assert.rejects(session.ask("echo half; exit 1\n", "done\n", minute));
    assert.equal((await session.ask(`echo whole; ${ended}`, "done\n", minute)).stdout, "whole\ndone\n");
  });

  it("is left when it takes too long", async () => {
    const session = shell();
    await assert.rejects(session.ask("echo $$; exec sleep 100\n", "done\n", 200), { name: "AbortError" });
    assert.equal((await session.ask(ended, "done\n", minute)).stdout, "done\n");
  });

  it("is reported at once when it does not exist", async () => {
    await assert.rejects(openSession("no-such-program", [], {}).ask("hm\n", "done\n", minute));
  });
});
