import { each } from "../../../resource/known";
import {
  atMostOne,
  differ,
  eachIn,
  givenIn,
  isAnyGiven,
  type Report,
  reportRepeated,
  type Rule,
  within,
} from "../../../resource/rules";
import type { MachineDisk, MachineInputs } from "../schema/machine";

const limitRules = (
  [
    ["totalBytes", "readBytes", "writeBytes"],
    ["totalRequests", "readRequests", "writeRequests"],
  ] as const
).map(([total, ...parts]): Rule<NonNullable<MachineDisk["iotune"]>> => (iotune, report) => {
  const both = iotune[total] === undefined ? [] : givenIn(iotune, parts);
  if (both.length > 0) report([total], `can't be set together with ${both.join(" and ")}; remove one of them`);
});

function bootOrderRule(machine: MachineInputs, report: Report): void {
  const bootable = each(["disks", "cdroms", "nics"] as const, (list) =>
    each<{ bootOrder?: number | undefined }, Bootable>(machine[list], ({ bootOrder }, index) => ({
      path: [list, index, "bootOrder"],
      name: `${list}[${index}]`,
      bootOrder,
    })),
  ).flat();
  reportRepeated(
    bootable.map((device) => device?.bootOrder),
    (order, index, first) =>
      report(
        bootable[index]?.path ?? [],
        `${order} is already the place of ${bootable[first]?.name ?? ""}; choose another`,
      ),
  );
}

interface Bootable {
  readonly path: readonly PropertyKey[];
  readonly name: string;
  readonly bootOrder: number | undefined;
}

export const diskRules: readonly Rule<MachineInputs, MachineInputs>[] = [
  differ(
    "disks",
    ["volume", "file"],
    (value, first, field) => `${value} is already disks[${first}]; name each ${field} once`,
  ),
  eachIn(
    "disks",
    (disk, report) => {
      if (!isAnyGiven(disk, ["volume", "file"]))
        report(["volume"], "is missing: give the id of a Volume, or a file on the host");
    },
    atMostOne(["volume", "file"], (first) => `can't be set together with ${first}; remove one of them`),
    ({ io, cache }, report) => {
      if (io === "native" && cache !== "none" && cache !== "directsync")
        report(["io"], '"native" needs cache "none" or "directsync"; set one of those, or another io');
    },
    within("iotune", ...limitRules),
  ),
  bootOrderRule,
];
