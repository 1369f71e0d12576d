import { atMostOne, differ, eachIn, isAnyGiven, type Rule } from "../../../resource/rules";
import type { MachineInputs, MachineNic } from "../schema/machine";

const plugs = ["network", "bridge", "device"] as const;

const plugRules: readonly Rule<MachineNic>[] = [
  (nic, report) => {
    if (!isAnyGiven(nic, plugs)) report(["network"], "is missing: give a network, or a bridge or device of the host");
  },
  atMostOne(plugs, (first) => `can't be set beside ${first}; leave one of them out`),
  ({ portgroup, network }, report) => {
    if (portgroup !== undefined && network === undefined)
      report(["portgroup"], "is one of a network; set that, or leave this out");
  },
  ({ mode, device }, report) => {
    if (mode !== undefined && device === undefined)
      report(["mode"], "says how device is shared; set that, or leave this out");
  },
  ({ queues, model }, report) => {
    if (queues !== undefined && model !== "virtio")
      report(["queues"], `can only be set with model "virtio", not "${model}"; leave it out or change the model`);
  },
  ({ mac }, report) => {
    // A group address, whose lowest bit of the first byte is set, can be nobody's own.
    if (mac !== undefined && parseInt(mac.slice(0, 2), 16) % 2 === 1)
      report(["mac"], `${mac} is the address of a group; choose one that begins with 52:54:00`);
  },
];

export const nicRules: readonly Rule<MachineInputs, MachineInputs>[] = [
  eachIn("nics", ...plugRules),
  differ("nics", ["address", "mac"], (value, first) => `${value} is given to nics[${first}] already; choose another`),
];
