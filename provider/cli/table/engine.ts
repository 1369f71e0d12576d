import type { Argument, Command, Option } from "../command";
import { json, stack, yes } from "./options";

export const file: Argument = { name: "FILE" };
export const machines: Argument = { name: "MACHINE", isRepeatable: true };

export const whichFile =
  "FILE is the configuration; without it, the only one in the current directory, else the only one in /etc/kvm-deploy. It ends in .yaml or .yml, or has a / in it. Each file has a stack of its own, which has the file's name; its state is in your own directory, or where PULUMI_BACKEND_URL says.";

export const preview: Command = {
  name: "preview",
  summary: "shows what `up` would change",
  arguments: [file, machines],
  options: [stack, yes, json],
  description: ["With names of machines, only these are looked at, and what they need.", whichFile],
  exits: {
    0: "nothing differs",
    1: "`up` would change something",
    2: "the configuration has errors, or something failed",
  },
  load: () => import("../commands/preview.js"),
};

const force: Option = {
  name: "force",
  summary: "installs the named machines again, which erases the disks that they are installed on",
};

export const up: Command = {
  name: "up",
  summary: "creates and changes what the configuration says",
  arguments: [file, machines],
  options: [force, stack, yes, json],
  description: [
    "Shows the changes, and makes them after confirmation. With names of machines, only these are changed, and what they need. The first Ctrl-C lets the running steps end; the next `up` continues.",
    whichFile,
  ],
  exits: { 0: "everything is as the configuration says", 2: "something failed, or was not confirmed" },
  load: () => import("../commands/up.js"),
};

export const refresh: Command = {
  name: "refresh",
  summary: "takes what has changed on the host into the state",
  arguments: [file, machines],
  options: [stack, yes, json],
  description: ["Changes nothing on the host, except that it completes installations that have ended.", whichFile],
  exits: { 0: "the state is as the host", 2: "something failed, or was not confirmed" },
  load: () => import("../commands/refresh.js"),
};

export const destroy: Command = {
  name: "destroy",
  summary: "deletes what was created",
  arguments: [file, machines],
  options: [stack, yes, json],
  description: [
    "With names of machines, these are deleted with the volumes and installers that nothing else uses. What was taken over by `adopt` stays.",
    whichFile,
  ],
  exits: { 0: "all of it is deleted", 2: "something failed, or was not confirmed" },
  load: () => import("../commands/destroy.js"),
};

/** `kvm-deploy MACHINE`, as it was in 2014. */
export const other: Command = {
  name: "",
  summary: "the same as `up` for one machine",
  arguments: [{ name: "MACHINE", isRequired: true }],
  options: [
    { ...force, summary: "installs the machine again, which erases the disks that it is installed on" },
    stack,
    yes,
    json,
  ],
  description: [
    "The configuration is /etc/kvm-deploy/MACHINE.yaml, else the only one in the current directory, else the only one in /etc/kvm-deploy. A machine with the name of a command is deployed by `up`.",
  ],
  exits: up.exits,
  load: () => import("../commands/machine.js"),
};
