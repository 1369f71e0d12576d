import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { run } from "../../provider/host/run";
import { documents } from "./documents";
import { commandsOf, pulumiCommandOf } from "./shell";

/** The commands of Pulumi in the documents, each with its options. */
function commandsWithOptions(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { text, language } of documents.flatMap(({ blocks }) => blocks)) {
    if (language !== "sh") continue;
    for (const { words } of commandsOf(text)) {
      const command = words[0] === "pulumi" ? pulumiCommandOf(words.slice(1)) : undefined;
      if (command === undefined) continue;
      const options = found.get(command) ?? new Set();
      for (const word of words) if (word.startsWith("--")) options.add(word.replace(/=.*/, ""));
      found.set(command, options);
    }
  }
  return found;
}

async function helpOf(command: string): Promise<string> {
  return (await run("pulumi", [...command.split(" "), "--help"], {})).stdout;
}

describe("the Pulumi CLI has what the documents use", () => {
  const commands = commandsWithOptions();
  it("which is something", () => assert.ok(commands.has("preview")));
  for (const [command, options] of commands)
    it(`pulumi ${[command, ...options].join(" ")}`, async () => {
      const help = await helpOf(command);
      // Of an unknown command, the CLI shows the help of the one above it, which has commands.
      assert.doesNotMatch(help, /^ +pulumi .*\[command\]$/m);
      for (const option of options) assert.match(help, new RegExp(`${option}\\b`));
    });
});
