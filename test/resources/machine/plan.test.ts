import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nothingYet, planCreate } from "../../../provider/resources/machine/plan";

describe("what is left of a create that was cut off", () => {
  const installs = { installer: "/i.iso", wait: "ssh", running: true } as const;
  const all = [
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
      { phase: "installing", isActive: false, isInstalled: false },
      all.filter((step) => step !== "define"),
    ],
    [
      "installing",
      { phase: "installing", isActive: true, isInstalled: false },
      all.filter((step) => !["define", "start-installation"].includes(step)),
    ],
    [
      "installed and off",
      { phase: "installing", isActive: false, isInstalled: true },
      all.filter((step) => !["define", "start-installation"].includes(step)),
    ],
    [
      "ready",
      { phase: "ready", isActive: true, isInstalled: true },
      ["reserve-addresses", "set-autostart", "start", "await-ssh"],
    ],
  ] as const) {
    it(name, () => assert.deepEqual(planCreate(installs, progress), expected));
  }

  it("an installer that isn't kept is deleted when all else is done", () => {
    assert.equal(planCreate(installs, nothingYet, true).at(-1), "discard-installer");
  });

  it("without an installer nothing is installed", () => {
    const steps = planCreate({ wait: "none", running: "leave" }, nothingYet);
    assert.deepEqual(steps, ["define", "reserve-addresses", "set-autostart", "start"]);
  });

  it("what is not to run is not started", () => {
    const steps = planCreate({ wait: "none", running: false }, nothingYet);
    assert.deepEqual(steps, ["define", "reserve-addresses", "set-autostart"]);
  });
});
