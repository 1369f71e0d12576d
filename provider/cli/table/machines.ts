import type { Argument, Command } from "../command";
import { file, machines, whichFile } from "./engine";
import { json, stack } from "./options";

const machine: Argument = { name: "MACHINE" };

export const status: Command = {
  name: "status",
  summary: "shows each machine's state, address, release, installation, and what waits for a restart",
  arguments: [file, machines],
  options: [stack, json],
  description: ["Reads the state of the stack and the host, and changes nothing.", whichFile],
  exits: {
    0: "every machine is as it should be",
    1: "a machine is missing, not deployed, off, waits for a restart, or its installation has failed",
    2: "the status can't be read",
  },
  load: () => import("../commands/status.js"),
};

const onlyOne = "MACHINE can be left out if there is only one.";

export const ssh: Command = {
  name: "ssh",
  summary: "logs in to a machine, whose host key is checked",
  arguments: [file, machine, { name: "COMMAND", isRepeatable: true }],
  options: [stack],
  description: [
    `Runs ssh with the installed account and the machine's own host key: no known_hosts file is needed. COMMAND runs there in place of a shell. ${onlyOne}`,
    whichFile,
  ],
  exits: { 0: "that of ssh", 2: "the machine has no known address or account" },
  load: () => import("../commands/ssh.js"),
};

export const consoleCommand: Command = {
  name: "console",
  summary: "opens a machine's serial console; Ctrl-] leaves it",
  arguments: [file, machine],
  options: [stack],
  description: [`Runs \`virsh console\`. ${onlyOne}`, whichFile],
  exits: { 0: "it was left", 2: "it can't be opened" },
  load: () => import("../commands/console.js"),
};

export const pulumi: Command = {
  name: "pulumi",
  summary: "runs Pulumi's own command line on the stack",
  arguments: [file, { name: "COMMAND", isRequired: true, isRepeatable: true }],
  options: [stack],
  description: [
    "For what kvm-deploy has no command for, such as `kvm-deploy pulumi lab.yaml -- config set --secret NAME`. It knows the stack, its state and passphrase.",
    whichFile,
  ],
  exits: { 0: "that of pulumi", 2: "there is no such stack, or pulumi can't be started" },
  load: () => import("../commands/pulumi.js"),
};

export const log: Command = {
  name: "log",
  summary: "prints what a machine's serial console has shown",
  arguments: [file, machine],
  options: [
    { name: "installer", summary: "prints the log of the machine's installation in place of the console's" },
    { name: "follow", summary: "continues with what is added, until Ctrl-C" },
    stack,
  ],
  description: [onlyOne, whichFile],
  exits: { 0: "it is printed; there may be nothing in it", 2: "it can't be read" },
  load: () => import("../commands/log.js"),
};

export const screenshot: Command = {
  name: "screenshot",
  summary: "writes a picture of a machine's display",
  arguments: [file, machine],
  options: [
    { name: "output", value: "FILE", summary: "the PNG file (default: the machine's name in the current directory)" },
    stack,
    json,
  ],
  description: [
    `The machine needs \`graphics\`. Only you can read the file, because it may show secrets. ${onlyOne}`,
    whichFile,
  ],
  exits: { 0: "the file is written", 2: "there is no picture" },
  load: () => import("../commands/screenshot.js"),
};
