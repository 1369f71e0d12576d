import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { previewedInputs } from "../../../provider/resource/check";
import { changesBetween } from "../../../provider/resource/diff";
import { unknownValue } from "../../../provider/resource/known";
import { machineEffects } from "../../../provider/resources/machine/effects";
import { machinePolicies } from "../../../provider/resources/machine/policy";
import { machineInputs } from "../../../provider/resources/machine/schema";

const base = { connection: "qemu:///system", name: "m", memory: "2GiB", maxMemory: "2GiB", disks: [{ volume: "p/a" }] };

describe("what a change does is said of the machine as it is", () => {
  for (const [what, isActive, change, expected] of [
    ["another title while it runs", true, { title: "t" }, ["title: changes while m runs"]],
    [
      "another title of one that was turned off",
      false,
      { title: "t" },
      ["title: in force when m starts", "running: starts m, which is off"],
    ],
    ["a setting of one that was turned off", false, { sshTimeout: "1m" }, ["running: starts m, which is off"]],
    [
      "another title of one that may be off",
      false,
      { title: "t", running: "leave" },
      ["title: in force when m starts"],
    ],
    [
      "another firmware without an installer",
      true,
      { firmware: "uefi" },
      [
        "firmware: waits for the next restart of m; allowRestart: true does it now, with empty variables of the firmware; what is on its disk must boot with that firmware",
      ],
    ],
    [
      "a text that was installed",
      true,
      { installer: "/i.iso", reinstall: "b" },
      [
        "installer: waits for the next installation of m; another text of `reinstall` installs it again",
        "reinstall: m was installed for this text already, and is not installed again",
      ],
    ],
    [
      "a new one in its place",
      false,
      { connection: "qemu:///session", firmware: "uefi" },
      [/^connection: creates the machine again/],
    ],
    [
      "another disk in the place of the first, while it is off",
      false,
      { disks: [{ volume: "p/b" }], running: "leave" },
      ["disks[0]: in force when m starts"],
    ],
    ["less memory", true, { memory: "1GiB" }, ["memory: changes while m runs"]],
    [
      "less memory, with a restart where that fails",
      true,
      { memory: "1GiB", allowRestart: true },
      ["memory: changes while m runs, or restarts m if the guest has no balloon driver"],
    ],
    [
      "a disk less, with a restart where that fails",
      true,
      { disks: [], allowRestart: true },
      ["disks[0]: detached while m runs, or restarts m if the guest does not release it; its data stay"],
    ],
    [
      "a disk more, with a restart where that fails",
      true,
      { disks: [{ volume: "p/a" }, { volume: "p/b" }], allowRestart: true },
      ["disks[1]: attached while m runs, or restarts m if it has no free slot"],
    ],
    [
      "what takes a restart, where it is unknown whether that is allowed",
      true,
      { vcpus: 2, title: "t", allowRestart: unknownValue },
      ["title: changes while m runs", "vcpus: changes; how that takes effect is known when it is applied"],
    ],
    [
      "what doesn't depend on a restart, next to one that may be shut down",
      true,
      { autostart: false, title: "t", running: unknownValue },
      ["title: changes; how that takes effect is known when it is applied", "autostart: changes while it runs"],
    ],
    ["one that is off and may stay so", false, { sshTimeout: "1m", running: unknownValue }, []],
  ] as const) {
    it(what, () => {
      const given = { ...base, ...change };
      const news = previewedInputs(machineInputs, given) ?? assert.fail();
      const changes = changesBetween(machineInputs, machinePolicies, base, given);
      const certain = changes.filter(({ isUncertain }) => isUncertain !== true);
      const told = machineEffects(certain, news, { name: "m", isActive });
      assert.equal(told.length, expected.length, told.join("\n"));
      for (const [index, sentence] of expected.entries())
        if (typeof sentence === "string") assert.equal(told[index], sentence);
        else assert.match(told[index] ?? "", sentence);
    });
  }
});
