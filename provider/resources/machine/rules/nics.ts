import { atMostOne, differ, eachIn, isAnyGiven, type Rule } from "../../../resource/rules";
import type { MachineInputs, MachineNic } from "../schema/machine";

const connections = ["network", "bridge", "device"] as const;

const connectionRules: readonly Rule<MachineNic>[] = [
  (nic, report) => {
    if (!isAnyGiven(nic, connections))
      report(["network"], "is missing: give a network, or a bridge or device of the host");
  },
  atMostOne(connections, (first) => `can't be set together with ${first}; remove one of them`),
  ({ portgroup, network }, report) => {
    if (portgroup !== undefined && network === undefined)
      report(["portgroup"], "needs a network; set network, or remove this");
  },
  ({ mode, device }, report) => {
    if (mode !== undefined && device === undefined)
      report(["mode"], "says how device is shared; set device, or remove this");
  },
  ({ queues, model }, report) => {
    if (queues !== undefined && model !== "virtio")
      report(["queues"], `can only be set with model "virtio", not "${model}"; remove it or change the model`);
  },
  ({ mac }, report) => {
    // A group address, with the lowest bit of the first byte set, can't be the address of a NIC.
    if (mac !== undefined && parseInt(mac.slice(0, 2), 16) % 2 === 1)
      report(["mac"], `${mac} is the address of a group; choose one that starts with 52:54:00`);
  },
];

export const nicRules: readonly Rule<MachineInputs, MachineInputs>[] = [
  eachIn("nics", ...connectionRules),
  differ("nics", ["address", "mac"], (value, first) => `${value} is already given to nics[${first}]; choose another`),
];
