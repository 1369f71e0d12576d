import type { MachineNic } from "../schema";
import { type Candidate, given, type Report, unique } from "./candidate";

export function addressRules({ nics }: Candidate, report: Report): void {
  for (const field of ["address", "mac"] as const)
    unique(
      nics.map((nic) => nic[field]),
      (value, index, first) =>
        report(["nics", index, field], `${value} is given to nics[${first}] already; choose another`),
    );
}

export function nicRules({ nics }: Candidate, report: Report): void {
  nics.forEach((nic, index) => nicRule(nic, (key, message) => report(["nics", index, ...key], message)));
}

function nicRule(nic: MachineNic, report: Report): void {
  const [plug, ...others] = given(nic, ["network", "bridge", "device"]);
  if (plug === undefined) report(["network"], "is missing: give a network, or a bridge or device of the host");
  else for (const other of others) report([other], `can't be set beside ${plug}; leave one of them out`);
  if (nic.portgroup !== undefined && nic.network === undefined)
    report(["portgroup"], "is one of a network; set that, or leave this out");
  if (nic.mode !== undefined && nic.device === undefined)
    report(["mode"], "says how device is shared; set that, or leave this out");
  if (nic.queues !== undefined && nic.model !== "virtio")
    report(["queues"], `can only be set with model "virtio", not "${nic.model}"; leave it out or change the model`);
  // A group address, whose lowest bit of the first byte is set, can be nobody's own.
  if (nic.mac !== undefined && parseInt(nic.mac.slice(0, 2), 16) % 2 === 1)
    report(["mac"], `${nic.mac} is the address of a group; choose one that begins with 52:54:00`);
}
