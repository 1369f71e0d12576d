import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { table } from "../../provider/cli/table";
import { completionsFor } from "../../provider/cli/texts/completions";
import { helpOf } from "../../provider/cli/texts/help";
import { manPage } from "../../provider/cli/texts/man";
import { commandReference } from "../../provider/cli/texts/reference";
import { run } from "../../provider/host/run";
import { root } from "../site";

describe("each command of the table", () => {
  for (const command of [...table.commands, table.other]) {
    it(`${command.name === "" ? "MACHINE" : command.name} has its code, and a help that fits a terminal`, async () => {
      assert.equal(typeof (await command.load()).run, "function");
      for (const line of helpOf(command).split("\n")) assert.ok(line.length <= 105, line);
    });
  }
  it("has a name of its own", () => {
    const names = table.commands.map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)]);
  });
});

describe("completions", () => {
  /** What bash offers for the last word. */
  const offered = async (...words: string[]) => {
    const script = `${completionsFor("bash", table)}
COMP_WORDS=(kvm-deploy ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}; _kvm_deploy; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return (await run("bash", ["-c", script], { cwd: path.join(root, "examples/example2") })).stdout.trim().split("\n");
  };
  for (const [words, expected] of [
    [["pre"], ["preview"]],
    [["up", "--f"], ["--force"]],
    [["up", "exa"], ["example2.yaml"]],
    [["completion", "z"], ["zsh"]],
    [["orphans", "--connection", ""], [""]],
    [["screenshot", "--output", "exa"], ["example2.yaml"]],
  ] as const)
    it(`of bash: ${words.join(" ")}`, async () => assert.deepEqual(await offered(...words), expected));
  it("of zsh and fish name each command and option", () => {
    for (const shell of ["zsh", "fish"] as const) {
      const text = completionsFor(shell, table);
      for (const { name, options } of table.commands)
        for (const word of [name, ...options.map((option) => option.name)])
          assert.ok(text.includes(word), `${shell}: ${word}`);
    }
  });
});

it("the manual page has each command and option, and no line that man would take for a command", () => {
  const page = manPage(table, "1.2.3");
  for (const { name, options } of table.commands) {
    assert.match(page, new RegExp(`^\\.SS "${name} `, "m"));
    for (const option of options) assert.ok(page.includes(`\\-\\-${option.name.replaceAll("-", "\\-")}`), option.name);
  }
  for (const line of page.split("\n")) assert.match(line, /^(\.(TH|SH|SS|PP|TP|B|br)\b|[^.'])|^$/);
});

it("docs/command.md has the reference of the table (UPDATE=1 writes it)", async () => {
  const file = path.join(root, "docs/command.md");
  const [introduction = ""] = readFileSync(file, "utf8").split(mark);
  const expected = `${introduction}${mark}\n\n${commandReference(table)}\n`;
  const { format } = await import("prettier");
  const formatted = await format(expected, { parser: "markdown", printWidth: 120 });
  if (process.env["UPDATE"] === "1") (await import("node:fs")).writeFileSync(file, formatted);
  assert.equal(readFileSync(file, "utf8"), formatted);
});

const mark = "<!-- What follows is generated from the table of commands. -->";
