import type { Command } from "../command";
import { connection, json, yes } from "./options";

export const doctor: Command = {
  name: "doctor",
  summary: "checks what this host needs",
  arguments: [],
  options: [connection, json],
  description: [
    "Looks at virtualisation, your rights, the versions of libvirt and QEMU, firmware files, xorriso and other programs, free space, and the pool `default`. Changes nothing.",
  ],
  exits: {
    0: "everything is there",
    1: "something is missing that not all machines need",
    2: "something is missing that all need",
  },
  load: () => import("../commands/doctor.js"),
};

export const cache: Command = {
  name: "cache",
  summary: "lists and removes downloaded installers",
  arguments: [],
  options: [
    {
      name: "remove",
      value: "ITEM",
      isRepeatable: true,
      summary: "removes that download: the start of its sum, or its name",
    },
    { name: "all", summary: "removes all of them" },
    connection,
    yes,
    json,
  ],
  description: ["A removed installer is downloaded again when it is needed."],
  exits: { 0: "they are listed or removed", 2: "something failed, or was not confirmed" },
  load: () => import("../commands/cache.js"),
};
