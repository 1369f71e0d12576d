import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import type { Command, Request } from "../../provider/cli/command";
import { runCommand } from "../../provider/cli/run";
import { after, nothingYet } from "../../provider/cli/rows/rows";
import { stack } from "../../provider/cli/table/options";
import { table } from "../../provider/cli/table";
import { typed } from "../../provider/cli/typed";
import { KvmError } from "../../provider/values/errors";
import { root } from "../site";
import { testTerminal, testWorld } from "./terminal";

const request = (command: string, words: Request["arguments"] = {}, name?: string): Request => ({
  command,
  options: name === undefined ? [] : [{ name: "stack", value: name }],
  arguments: words,
});

describe("a text names the commands that the user types", () => {
  const lab = { FILE: ["lab.yaml"], MACHINE: [] };
  for (const [text, from, expected] of [
    ["Run `pulumi up` again", request("up", lab), "Run `kvm-deploy up lab.yaml` again"],
    ["`pulumi refresh`, then `pulumi up`", request("up", {}), "`kvm-deploy refresh`, then `kvm-deploy up`"],
    [
      "`pulumi up`",
      request("destroy", { FILE: ["my lab.yaml"], MACHINE: ["web", "db"] }, "o'x"),
      "`kvm-deploy up 'my lab.yaml' web db --stack 'o'\\''x'`",
    ],
    ["`pulumi up`", request("", { FILE: ["/etc/x.yaml"], MACHINE: ["web"] }), "`kvm-deploy up /etc/x.yaml web`"],
    ["`pulumi state delete URN`", request("up", lab), "`kvm-deploy pulumi lab.yaml -- state delete URN`"],
    ["`pulumi up --replace 'a'`", request("up", lab), "`kvm-deploy pulumi lab.yaml -- up --replace 'a'`"],
    ["`pulumi cancel`", request("up", {}, "x"), "`kvm-deploy pulumi --stack x -- cancel`"],
    [
      "Run `kvm-deploy up` first",
      request("ssh", { ...lab, MACHINE: ["web"] }),
      "Run `kvm-deploy up lab.yaml web` first",
    ],
    ["such as `kvm-deploy preview lab.yaml`", request("up", lab), "such as `kvm-deploy preview lab.yaml`"],
    ["by `kvm-deploy init`", request("up", lab), "by `kvm-deploy init`"],
    ["Give what `pulumi stack export` prints", request("orphans"), "Give what `pulumi stack export` prints"],
    ["run pulumi up", request("up", lab), "run pulumi up"],
  ] as const)
    it(text, () => assert.equal(typed(text, from, { table }), expected));

  it("each text of the resources", () => {
    const files = globSync("provider/**/*.ts", { cwd: root }).filter(
      (file) => !/^provider\/cli\/(table|typed)/.test(file),
    );
    const texts = files.flatMap((file) => [
      ...readFileSync(path.join(root, file), "utf8").matchAll(/\\?`pulumi [a-z][^`\\]*\\?`/g),
    ]);
    assert.ok(texts.length > 40);
    for (const [text] of texts) {
      const shown = typed(text.replaceAll("\\`", "`"), request("up", lab), { table });
      assert.match(shown, /^`kvm-deploy (up|preview|refresh|pulumi) lab\.yaml( -- (up --|state delete|config set --secret|stack export|cancel).*)?`$/); // prettier-ignore
    }
  });
});

describe("a command reports in the words of its user", () => {
  const failing: Command = {
    ...{ name: "fail", summary: "fails", description: [], exits: { 0: "never", 2: "always" } },
    arguments: [{ name: "FILE" }],
    options: [stack],
    load: () =>
      Promise.resolve({
        run: (_request, { terminal, typed: say }) => {
          terminal.report("a warning: run `pulumi refresh`");
          const { messages } = after(
            nothingYet(0),
            {
              sequence: 1,
              timestamp: 1,
              diagnosticEvent: { message: "run `pulumi up`", color: "never", severity: "error" },
            },
            1,
            say,
          );
          terminal.report(messages.map(({ text }) => text).join());
          throw new KvmError("conflict", "it is broken", { remedy: "Run `pulumi up` again" });
        },
      }),
  };
  it("its errors, its reports and what the engine says", async () => {
    const terminal = testTerminal();
    const commands = [...table.commands, failing];
    const host = () => assert.fail("no host is needed");
    await runCommand(["fail", "lab.yaml"], testWorld(terminal, { host, table: { ...table, commands } }));
    assert.deepEqual(terminal.reported, [
      "a warning: run `kvm-deploy refresh lab.yaml`",
      "run `kvm-deploy up lab.yaml`",
      "kvm-deploy: it is broken. Run `kvm-deploy up lab.yaml` again",
    ]);
  });
});
