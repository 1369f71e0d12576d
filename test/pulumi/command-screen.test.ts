import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { site } from "../site";
import { type CommandSite, commandSite, smallLab } from "./command";
import { TmuxTerminal } from "./tmux-terminal";

const { connection } = site();
const prefix = "screen";

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

  it("no is no, also on a terminal that has lines alone", async () => {
    await terminal.type("clear; TERM=dumb kvm-deploy destroy; echo code $?");
    const asked = await terminal.until(/Delete these, with what is on them\? \[y\/N\]$/);
    assert.ok(asked.includes("machine screen-web: to delete"), asked.join("\n"));
    await terminal.type("");
    const lines = await terminal.until(/^code \d/m);
    assert.deepEqual(lines.slice(-2), ["Nothing is changed.", "code 2"]);
  });

  for (const key of ["C-c", "C-d"])
    it(`${key} is no answer`, async () => {
      await terminal.type("clear; kvm-deploy init new.yaml; echo code $?");
      await terminal.until(/Name of the machine \[web\]:$/);
      await terminal.press(key);
      const lines = await terminal.until(/^code \d/m);
      assert.deepEqual(lines.slice(-2), ["kvm-deploy: the question was not answered, so nothing is done", "code 2"]);
    });

  it("a console that can't be opened is a failure", async () => {
    await terminal.type("clear; kvm-deploy console; echo code $?");
    const lines = await terminal.until(/^code \d/m);
    assert.equal(lines.at(-1), "code 2", lines.join("\n"));
  });
});
