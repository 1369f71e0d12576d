import type { MachineDisk } from "../schema";
import { type Candidate, given, type Report, unique } from "./candidate";

export function diskRules({ disks, cdroms, nics }: Candidate, report: Report): void {
  for (const field of ["volume", "file"] as const)
    unique(
      disks.map((disk) => disk[field]),
      (value, index, first) =>
        report(["disks", index, field], `${value} is disks[${first}] already; name each ${field} once`),
    );
  disks.forEach((disk, index) => diskRule(disk, (key, message) => report(["disks", index, ...key], message)));
  bootOrderRule({ disks, cdroms, nics }, report);
}

function bootOrderRule(bootable: Pick<Candidate, "disks" | "cdroms" | "nics">, report: Report): void {
  const taken = new Map<number, string>();
  for (const [list, devices] of Object.entries(bootable))
    for (const [index, { bootOrder: order }] of devices.entries()) {
      if (order === undefined) continue;
      const first = taken.get(order);
      if (first === undefined) taken.set(order, `${list}[${index}]`);
      else report([list, index, "bootOrder"], `${order} is the place of ${first} already; choose another`);
    }
}

function diskRule(disk: MachineDisk, report: Report): void {
  const { io, cache, iotune } = disk;
  const sources = given(disk, ["volume", "file"]);
  if (sources.length === 0) report(["volume"], "is missing: give the id of a Volume, or a file on the host");
  if (sources.length > 1) report(["file"], "can't be set beside volume; leave one of them out");
  if (io === "native" && cache !== "none" && cache !== "directsync")
    report(["io"], '"native" needs cache "none" or "directsync"; set one of those, or another io');
  if (iotune === undefined) return;
  for (const [total, ...parts] of limits) {
    const both = iotune[total] === undefined ? [] : given(iotune, parts);
    if (both.length > 0) report(["iotune", total], `can't be set beside ${both.join(" and ")}; leave one of them out`);
  }
}

const limits = [
  ["totalBytes", "readBytes", "writeBytes"],
  ["totalRequests", "readRequests", "writeRequests"],
] as const;
