import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { run } from "../../provider/host/run";
import { site } from "../site";
import { type CommandSite, commandSite, program, smallLab } from "./command";

const { connection } = site();
const prefix = "screen";

/** A terminal of 80 columns, in which a user types. */
class TmuxTerminal {
  readonly #socket = `kvm-deploy-test-${process.pid}`;
  readonly #tmux = async (...args: string[]) =>
    (await run("tmux", ["-L", this.#socket, "-f", "/dev/null", ...args])).stdout;

  async open({ directory, env }: CommandSite): Promise<void> {
    const variables = Object.entries({ ...env, TERM: "screen-256color" }).flatMap(([name, value]) => ["-e", `${name}=${value}`]); // prettier-ignore
    await this.#tmux(
      "new-session",
      "-d",
      "-x",
      "80",
      "-y",
      "24",
      "-c",
      directory,
      ...variables,
      "bash --norc --noprofile",
    );
    await this.type(`PS1='$ '; kvm-deploy() { '${program[0]}' '${program[1]}' "$@"; }; unset NO_COLOR; clear`);
  }
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", text);
    await this.#tmux("send-keys", "Enter");
  }
  /** The lines on the screen. @param isColoured with the escape sequences of colours */
  async lines(isColoured = false): Promise<string[]> {
    const text = await this.#tmux("capture-pane", "-p", ...(isColoured ? ["-e"] : []));
    return text
      .split("\n")
      .map((line) => line.trimEnd())
      .filter((line) => line !== "" && line !== "$");
  }
  /** The screen as soon as it shows this. */
  async until(pattern: RegExp): Promise<string[]> {
    const end = Date.now() + 3 * 60_000;
    for (;;) {
      const lines = await this.lines();
      if (pattern.test(lines.join("\n"))) return lines;
      if (Date.now() > end) throw new Error(`the screen never showed ${pattern.source}:\n${lines.join("\n")}`);
      await setTimeout(200);
    }
  }
  async close(): Promise<void> {
    await this.#tmux("kill-server");
  }
}

describe("in a terminal", () => {
  let lab: CommandSite;
  const terminal = new TmuxTerminal();
  before(async () => {
    lab = commandSite(connection);
    lab.write(smallLab(prefix, ["web"]));
    await terminal.open(lab);
  });
  after(async () => {
    await terminal.close();
    await lab.run("destroy", "--yes");
    lab.remove();
  });

  it("up shows one line for each resource, asks, and shows what it does in the same lines", async () => {
    await terminal.type("kvm-deploy up");
    const planned = await terminal.until(/Make these changes\? \[y\/N\]$/);
    assert.deepEqual(planned.slice(1, -1).sort(), [
      "  + machine screen-web      to create",
      "  + network screen-net      to create",
      "  + volume screen-web-root  to create",
      "3 to create",
    ]);
    await terminal.type("y");
    const done = (await terminal.until(/^3 created \(/m)).slice(planned.length);
    assert.equal(done.filter((line) => line.startsWith("  +")).length, 3, done.join("\n"));
    assert.match(done.join("\n"), /^ {2}\+ machine screen-web {6}created +\d:\d\d$/m);
    assert.doesNotMatch(done.join("\n"), /creating/);
  });

  it("status is a table with a colour for each state", async () => {
    await terminal.type("clear; kvm-deploy status; echo code $?");
    const lines = await terminal.until(/^code \d/m);
    assert.deepEqual(lines.slice(-3), [
      "MACHINE     STATE       ADDRESS  RELEASE  PHASE  WAITS FOR A RESTART",
      "screen-web  ○ shut off  -        -        -      -",
      "code 0",
    ]);
    const coloured = (await terminal.lines(true)).find((line) => line.includes("shut off"));
    assert.match(coloured ?? "", /\u001b\[33m○ shut off\u001b\[/);
  });

  it("NO_COLOR leaves the colours out", async () => {
    await terminal.type("clear; NO_COLOR=1 kvm-deploy status; echo code $?");
    await terminal.until(/^code \d/m);
    const coloured = (await terminal.lines(true)).find((line) => line.includes("shut off"));
    assert.doesNotMatch(coloured ?? "", /\u001b/);
  });

  it("no is no", async () => {
    await terminal.type("clear; kvm-deploy destroy; echo code $?");
    await terminal.until(/Delete these, with what is on them\? \[y\/N\]$/);
    await terminal.type("");
    const lines = await terminal.until(/^code \d/m);
    assert.deepEqual(lines.slice(-2), ["Nothing is changed.", "code 2"]);
  });
});
