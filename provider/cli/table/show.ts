import type { Command } from "../command";

export const show: Command = {
  name: "show",
  summary: "prints what a configuration means, written out, with the origin of each value",
  arguments: [{ name: "FILE", isRequired: true }],
  options: [],
  description: [
    "The output is a configuration that means the same, without includes and short forms. The comment after each value says where it is written, what it follows from, or that it is a default. Values that are always kept secret are hidden.",
    "The configuration is checked first, as by `kvm-deploy preview`. No stack is read: each `!secret` counts as given.",
  ],
  exits: { 0: "the configuration is right", 2: "it is not, or can't be read" },
  load: () => import("../commands/show.js"),
};
