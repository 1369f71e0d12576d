import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { changesBetween } from "../../../provider/diff";
import { Previewed } from "../../../provider/known";
import { machineEffects } from "../../../provider/resources/machine/effects";
import { machinePolicies } from "../../../provider/resources/machine/policy";
import { machineInputs } from "../../../provider/resources/machine/schema";

const base = { connection: "qemu:///system", name: "m", memory: "2GiB", maxMemory: "2GiB", disks: [{ volume: "p/a" }] };

describe("what a change does is said of the machine as it is", () => {
  for (const [what, isActive, given, expected] of [
    ["another title while it runs", true, { title: "t" }, ["title: changes while m runs"]],
    [
      "another title of one that was turned off",
      false,
      { title: "t" },
      ["title: in force when m starts", "running: starts m, which is off now"],
    ],
    ["a setting of one that was turned off", false, { sshTimeout: "1m" }, ["running: starts m, which is off now"]],
    [
      "another title of one that may be off",
      false,
      { title: "t", running: "leave" },
      ["title: in force when m starts"],
    ],
    ["a new one in its place", false, { firmware: "uefi" }, [/^firmware: makes the machine anew/]],
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
      ["disks[0]: unplugged while m runs, or restarts m if the guest does not let go; its data stay"],
    ],
    [
      "a disk more, with a restart where that fails",
      true,
      { disks: [{ volume: "p/a" }, { volume: "p/b" }], allowRestart: true },
      ["disks[1]: plugged in while m runs, or restarts m if it has no free slot"],
    ],
  ] as const) {
    it(what, () => {
      const news = machineInputs.parse({ ...base, ...given });
      const changes = changesBetween(machineInputs, machinePolicies, base, { ...news });
      const told = machineEffects(changes, new Previewed(news), { name: "m", isActive });
      assert.equal(told.length, expected.length, told.join("\n"));
      for (const [index, sentence] of expected.entries())
        if (typeof sentence === "string") assert.equal(told[index], sentence);
        else assert.match(told[index] ?? "", sentence);
    });
  }
});
