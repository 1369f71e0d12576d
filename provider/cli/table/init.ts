import type { Command } from "../command";
import { connection, yes } from "./options";

export const init: Command = {
  name: "init",
  summary: "writes a first configuration",
  arguments: [{ name: "FILE" }],
  options: [
    { name: "machine", value: "NAME", summary: "the machine's name (default: web)" },
    { name: "source", value: "NAME", summary: "the release to install (default: debian:13)" },
    { name: "key", value: "KEY", summary: "the SSH public key that logs in, or its file (default: yours in ~/.ssh)" },
    connection,
    { ...yes, summary: "asks no questions, and takes the defaults" },
  ],
  description: [
    "Asks for the machine's name, the release and your SSH key, looks at the host for its pool and a free subnet, and writes FILE (default: lab.yaml): one machine with a fixed address on a network of its own.",
  ],
  exits: { 0: "the file is written", 2: "it is not" },
  load: () => import("../commands/init.js"),
};
