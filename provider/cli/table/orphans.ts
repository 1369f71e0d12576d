import type { Command } from "../command";
import { connection, json, yes } from "./options";

export const orphans: Command = {
  name: "orphans",
  summary: "finds and removes what kvm-deploy created on a host and no stack has any more",
  arguments: [],
  options: [
    connection,
    {
      name: "stack",
      value: "NAME",
      isRepeatable: true,
      summary: "a stack, whose state is read by `pulumi stack export`",
    },
    {
      name: "cwd",
      value: "DIR",
      isRepeatable: true,
      summary: "the directory of that stack's program (default: the current one); follows its --stack",
    },
    {
      name: "state",
      value: "FILE",
      isRepeatable: true,
      summary: "a state that `pulumi stack export` has written; - reads standard input",
    },
    {
      name: "all-stacks",
      summary: "the given stacks are all that use this host: what none of them has is an orphan, whoever its owner",
    },
    {
      name: "remove",
      value: "ITEM",
      isRepeatable: true,
      summary: "removes that orphan, named as in the list, such as volume:default/web-root",
    },
    yes,
    json,
  ],
  description: [
    "Lists what none of the given stacks has: machines, networks, storage pools, volumes, DHCP reservations, installer ISOs, logs, and records of what does not exist or was interrupted.",
    "A thing belongs to a stack by the identity in that stack's state, not by its name. A thing whose stack isn't given is no orphan: it is listed separately. Without a stack, everything is listed with its owner.",
    "Each orphan is removed in the same way as its resource would be: its owner is checked again, and what is in use stays. What was taken over by `adopt` stays, too, and kvm-deploy no longer manages it. Do not run `up` on the host at the same time: what it is creating is in no state yet.",
  ],
  exits: {
    0: "there is no orphan, or everything named is removed",
    1: "there are orphans",
    2: "something could not be done",
  },
  load: () => import("../commands/orphans.js"),
};
