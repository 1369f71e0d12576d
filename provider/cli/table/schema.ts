import type { Command } from "../command";

export const schema: Command = {
  name: "schema",
  summary: "prints the JSON schema of configurations, for editors",
  arguments: [],
  options: [],
  description: [
    "Write it to a file, and name the file in the first line of a configuration: `# yaml-language-server: $schema=FILE`. Editors with the YAML language server then complete keys, describe them and mark errors.",
  ],
  exits: { 0: "it is printed", 2: "it can't be read" },
  load: () => import("../commands/schema.js"),
};
