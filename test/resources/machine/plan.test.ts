import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nothingYet, planCreate } from "../../../provider/resources/machine/plan";

describe("what is left of a create that was cut off", () => {
  const installs = { installer: "/i.iso", wait: "ssh", running: true, overwrite: false } as const;
  const all = [
    "require-empty-disk",
    "define",
    "reserve-addresses",
    "start-installation",
    "await-installation",
    "finish-installation",
    "set-autostart",
    "start",
    "await-ssh",
  ];
  for (const [name, progress, expected] of [
    ["nothing yet: all of it", nothingYet, all],
    [
      "defined, not started",
      { phase: "installing", isUnderWay: false, hasBegun: false },
      all.filter((step) => step !== "define"),
    ],
    [
      "begun, and off without an end: the disk is its own",
      { phase: "installing", isUnderWay: false, hasBegun: true },
      all.filter((step) => !["require-empty-disk", "define"].includes(step)),
    ],
    [
      "under way, or complete",
      { phase: "installing", isUnderWay: true, hasBegun: true },
      all.filter((step) => !["require-empty-disk", "define", "start-installation"].includes(step)),
    ],
    [
      "ready",
      { phase: "ready", isUnderWay: false, hasBegun: true },
      ["reserve-addresses", "set-autostart", "start", "await-ssh"],
    ],
  ] as const) {
    it(name, () => assert.deepEqual(planCreate(installs, progress), expected));
  }

  it("an installer that isn't kept is deleted when all else is done", () => {
    assert.equal(planCreate(installs, nothingYet, true).at(-1), "discard-installer");
  });

  it("a disk that may be overwritten is not looked at", () => {
    assert.ok(!planCreate({ ...installs, overwrite: true }, nothingYet).includes("require-empty-disk"));
  });

  it("without an installer nothing is installed", () => {
    const steps = planCreate({ wait: "none", running: "leave", overwrite: false }, nothingYet);
    assert.deepEqual(steps, ["define", "reserve-addresses", "set-autostart", "start"]);
  });

  it("what is not to run is not started", () => {
    const steps = planCreate({ wait: "none", running: false, overwrite: false }, nothingYet);
    assert.deepEqual(steps, ["define", "reserve-addresses", "set-autostart"]);
  });
});
