import type { Command } from "../command";

export const migrate: Command = {
  name: "migrate",
  summary: "writes configurations of the 2014 kvm-deploy in the new form",
  arguments: [
    { name: "OLD", isRequired: true },
    { name: "NEW", isRequired: true },
  ],
  options: [],
  description: [
    "OLD is a configuration of kvm-deploy 2014, or a directory that has some, such as /etc/kvm-deploy. It stays as it is. NEW is a directory that does not exist yet. Only its owner can read its files, because they may contain private keys.",
    "Preseed templates become Handlebars, and their tables YAML. What could not be carried over is listed with its place in the old tree. Old configurations also work as they are, without this command.",
  ],
  exits: {
    0: "everything is carried over",
    1: "the new form is written, but something could not be carried over",
    2: "nothing is written",
  },
  load: () => import("../commands/migrate.js"),
};
