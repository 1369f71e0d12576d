import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { el, type Element, withAttributes } from "../../../provider/format/xml";
import { readMark, withMark } from "../../../provider/libvirt/mark";
import type { Actual, Previous } from "../../../provider/resources/machine/schema/actual";
import { machineXml } from "../../../provider/resources/machine/definition/xml";
import { type MachineStep, planAfterFollowing, planCreate, planUpdate } from "../../../provider/resources/machine/plan";
import { planRename } from "../../../provider/resources/machine/rename-plan";
import { machineInputs } from "../../../provider/resources/machine/schema";
import type { MachineInputs } from "../../../provider/resources/machine/schema/machine";

const owner = { owner: "urn:pulumi:test::test::kvm::plan", identity: "plan" };
const base = {
  name: "web",
  memory: "1GiB",
  maxMemory: "2GiB",
  nics: [{ network: "lab", address: "10.0.0.10" }],
  disks: [{ volume: "p/root" }],
};
const [macA, macB] = ["52:54:00:00:00:0a", "52:54:00:00:00:0b"];
const inputsOf = (given: object = {}): MachineInputs => machineInputs.parse({ ...base, ...given });

const nothing: Actual = {
  uuid: "7c1f8a30-1111-4222-8333-444455556667",
  domainType: "qemu",
  macAddresses: [macA],
  volumePaths: { "p/root": "/p/root", "p/data": "/p/data" },
  volumeFormats: {},
  consoleLogPath: "/logs/web.log",
  hostKeys: [],
  adoption: "none",
  definition: undefined,
  live: undefined,
  hasSavedState: false,
  wasTurnedOff: false,
  isReinstalled: false,
  filesToMake: [],
  progress: { phase: undefined, isUnderWay: false, hasStarted: false },
  installation: undefined,
};

/** A step in a line: its kind, and what it is about where the kind alone says too little. */
function lineOf(step: MachineStep): string {
  if (step.kind === "reserve") return `reserve ${step.reservations.map(({ address }) => address).join(" ")}`.trim();
  if (step.kind === "release") return `release ${step.reservation.address}`;
  if (step.kind === "note" || step.kind === "restart")
    return `${step.kind} ${step.waiting.map(({ path }) => path).join(" ")}`.trim();
  if (step.kind === "set-autostart") return `set-autostart ${String(step.on)}`;
  if (step.kind === "start") return step.isFirst ? "start for the first time" : "start";
  return step.kind;
}
const linesOf = (steps: readonly MachineStep[]) => steps.map(lineOf);

describe("a create", () => {
  const desired = inputsOf({ wait: "ssh" });

  it("defines the machine before anything is made for it, and starts it when all is there", () => {
    assert.deepEqual(linesOf(planCreate(desired, nothing)), [
      "define-new",
      "reserve 10.0.0.10",
      "set-autostart true",
      "start for the first time",
      "await-ssh",
    ]);
  });

  it("that was interrupted after the definition does the rest, and takes what the machine has by now", () => {
    const actual = { ...nothing, definition: el("domain"), progress: { ...nothing.progress, phase: "ready" as const } };
    assert.deepEqual(linesOf(planCreate(desired, actual)), [
      "reserve 10.0.0.10",
      "set-autostart true",
      "start",
      "await-ssh",
    ]);
  });

  it("of what is not to run starts nothing", () => {
    assert.deepEqual(linesOf(planCreate(inputsOf({ running: false }), nothing)), [
      "define-new",
      "reserve 10.0.0.10",
      "set-autostart true",
    ]);
  });

  it("of what is to be left as it is starts it once", () => {
    assert.equal(linesOf(planCreate(inputsOf({ running: "leave" }), nothing)).at(-1), "start for the first time");
  });

  it("that takes over marks the machine once, and changes nothing else", () => {
    const definition = el("domain");
    assert.deepEqual(linesOf(planCreate(desired, { ...nothing, definition, adoption: "due" })), ["take-over"]);
    assert.deepEqual(linesOf(planCreate(desired, { ...nothing, definition, adoption: "done" })), []);
  });
});

const installation: Actual["installation"] = {
  schemaVersion: 1,
  owner: "urn:pulumi:test::test::kvm::iso",
  digest: "",
  family: "debian",
  release: "13",
  mark: "done",
  login: "root",
  hostKeys: [],
  keep: false,
};

describe("what is left of an interrupted installation", () => {
  const installs = inputsOf({ installer: "/i.iso", wait: "ssh" });
  const seen = { ...nothing, installation };
  const all = [
    "require-room",
    "require-empty-disk",
    "define-new",
    "reserve 10.0.0.10",
    "start-installation",
    "boot-disk-next",
    "await-installation",
    "finish-installation",
    "set-autostart true",
    "start",
    "await-ssh",
    "discard-installer",
  ];
  for (const [name, progress, expected] of [
    ["nothing yet: all of it", nothing.progress, all],
    [
      "defined, not started",
      { phase: "installing", isUnderWay: false, hasStarted: false },
      all.filter((step) => step !== "define-new"),
    ],
    [
      "started, and off without an end: the disk is its own",
      { phase: "installing", isUnderWay: false, hasStarted: true },
      all.filter((step) => !["require-empty-disk", "define-new"].includes(step)),
    ],
    [
      "under way, or complete",
      { phase: "installing", isUnderWay: true, hasStarted: true },
      all.filter((step) => !["require-room", "require-empty-disk", "define-new", "start-installation"].includes(step)),
    ],
    [
      "ready",
      { phase: "ready", isUnderWay: false, hasStarted: true },
      ["reserve 10.0.0.10", "set-autostart true", "start", "await-ssh", "discard-installer"],
    ],
  ] as const) {
    it(name, () => assert.deepEqual(linesOf(planCreate(installs, { ...seen, progress })), expected));
  }

  const leaves = { ...installs, wait: "nothing" as const };
  const left = ["reserve 10.0.0.10", "start-installation", "boot-disk-next", "leave-installation"];

  it("ends with the start of the installer where nothing waits for it", () => {
    assert.deepEqual(linesOf(planCreate(leaves, seen)), ["require-room", "require-empty-disk", "define-new", ...left]);
    const progress = { phase: "installing", isUnderWay: true, hasStarted: true } as const;
    assert.deepEqual(
      linesOf(planCreate(leaves, { ...seen, progress })),
      left.filter((step) => step !== "start-installation"),
    );
  });

  it("is done, without another start of the installer, where nothing has waited and it is complete", () => {
    const progress = { phase: "installing", isUnderWay: true, hasStarted: true, isComplete: true } as const;
    assert.deepEqual(
      linesOf(planCreate(leaves, { ...seen, progress })),
      all.filter(
        (step) =>
          !["require-room", "require-empty-disk", "define-new", "start-installation", "await-ssh"].includes(step),
      ),
    );
  });

  it("a disk that may be overwritten is not looked at", () => {
    assert.ok(!linesOf(planCreate({ ...installs, overwrite: true }, seen)).includes("require-empty-disk"));
  });
});

/** A machine that was deployed with the base, and what it is at the update. */
interface Case {
  readonly given?: object;
  readonly was?: object;
  readonly macs?: readonly string[];
  readonly state?: "runs" | "is off";
  readonly seen?: Partial<Actual>;
}

function deployed(was: MachineInputs): Element {
  return withMark(machineXml(was, nothing), { ...owner, phase: "ready" });
}

function updateOf({ given = {}, was = {}, macs = [macA], state = "runs", seen = {} }: Case): MachineStep[] {
  const last = inputsOf(was);
  const definition = deployed(last);
  const live = state === "runs" ? withAttributes(definition, { id: "1" }) : undefined;
  const actual = { ...nothing, macAddresses: macs, definition, live, ...seen };
  const previous: Previous = { inputs: last, facts: nothing, state: { ...last } };
  return planUpdate(inputsOf({ ...was, ...given }), actual, previous, owner);
}
const linesOfUpdate = (update: Case) => linesOf(updateOf(update));

describe("an update", () => {
  const two = { nics: [...base.nics, { network: "lab", address: "10.0.0.11" }] };
  const other = { nics: [{ network: "lab", address: "10.0.0.12" }] };
  const elsewhere = { nics: [{ network: "dmz", address: "10.1.0.10" }] };
  for (const [name, update, expected] of [
    ["of nothing, running", {}, ["define", "reserve 10.0.0.10", "make-log", "look-again-and-follow"]],
    ["of nothing, off", { state: "is off" }, ["reserve 10.0.0.10", "make-log", "start"]],
    [
      "that adds a NIC to a machine that runs",
      { given: two, macs: [macA, macB] },
      ["define", "reserve 10.0.0.10 10.0.0.11", "make-log", "look-again-and-follow"],
    ],
    [
      "that adds a NIC to a machine that is off",
      { given: two, macs: [macA, macB], state: "is off" },
      ["define", "reserve 10.0.0.10 10.0.0.11", "make-log", "start"],
    ],
    [
      "that removes a NIC: what the guest may keep is noted before the definition loses it, its address released after",
      { given: { nics: [] }, macs: [] },
      ["note nics[0]", "define", "reserve", "release 10.0.0.10", "make-log", "look-again-and-follow"],
    ],
    [
      "that removes a NIC of a machine that is off",
      { given: { nics: [] }, macs: [], state: "is off" },
      ["define", "reserve", "release 10.0.0.10", "make-log", "start"],
    ],
    [
      "that gives a NIC another address, which its definition doesn't have",
      { given: other },
      ["define", "reserve 10.0.0.12", "make-log", "look-again-and-follow"],
    ],
    [
      "that attaches a NIC elsewhere: what is reserved in the new network comes before the old one is released",
      { given: elsewhere, macs: [macB] },
      ["note nics[0]", "define", "reserve 10.1.0.10", "release 10.0.0.10", "make-log", "look-again-and-follow"],
    ],
    [
      "of a NIC's model, which waits for a restart",
      { given: { nics: [{ ...base.nics[0], model: "e1000e" }] } },
      ["note nics[0].model", "define", "reserve 10.0.0.10", "make-log", "look-again-and-follow"],
    ],
    [
      "of the memory within its maximum, which the guest may not follow",
      { given: { memory: "1536MiB" } },
      ["note memory", "define", "reserve 10.0.0.10", "make-log", "look-again-and-follow"],
    ],
    [
      "of the memory of a machine that is off",
      { given: { memory: "1536MiB" }, state: "is off" },
      ["define", "reserve 10.0.0.10", "make-log", "start"],
    ],
    [
      "of a disk that comes: the volume itself is grown by its own resource",
      { given: { disks: [...base.disks, { volume: "p/data" }] } },
      ["define", "reserve 10.0.0.10", "make-log", "look-again-and-follow"],
    ],
    [
      "of autostart, running",
      { given: { autostart: false } },
      ["define", "reserve 10.0.0.10", "make-log", "set-autostart false", "look-again-and-follow"],
    ],
    [
      "that shuts a machine down: it is to lack nothing",
      { given: { running: false, vcpus: 2 } },
      ["define", "reserve 10.0.0.10", "make-log", "turn-off"],
    ],
    [
      "of a machine that is to stay off",
      { given: { running: false }, state: "is off" },
      ["reserve 10.0.0.10", "make-log"],
    ],
    [
      "of a machine that was turned off for its new name",
      { was: { running: "leave" }, state: "is off", seen: { wasTurnedOff: true } },
      ["reserve 10.0.0.10", "make-log", "start"],
    ],
    [
      "of a machine that is left as it is, and is off",
      { was: { running: "leave" }, state: "is off" },
      ["reserve 10.0.0.10", "make-log"],
    ],
    [
      "that starts and waits",
      { was: { wait: "ssh" }, state: "is off" },
      ["reserve 10.0.0.10", "make-log", "start", "await-ssh"],
    ],
    ["of a machine with a saved state", { state: "is off", seen: { hasSavedState: true } }, ["resume-and-plan-again"]],
    [
      "of a machine with a saved state that is to stay off",
      { given: { running: false }, state: "is off", seen: { hasSavedState: true } },
      ["reserve 10.0.0.10", "make-log"],
    ],
  ] as const satisfies readonly (readonly [string, Case, readonly string[]])[]) {
    it(name, () => assert.deepEqual(linesOfUpdate(update), expected));
  }

  describe("that installs it again", () => {
    const seen = { isReinstalled: true };
    const prepared = ["reserve 10.0.0.10", "make-log"];
    for (const [name, update, expected] of [
      [
        "records that before it changes anything, and looks at new disks before that",
        { given: { reinstall: "b" }, was: { installer: "/i.iso" }, seen },
        ["require-room", "require-empty-disk", "record-reinstallation", ...prepared],
      ],
      [
        "needs no shutdown of a machine that is off, and no look where disks may be overwritten",
        { given: { reinstall: "b", overwrite: true }, was: { installer: "/i.iso" }, state: "is off", seen },
        ["require-room", "record-reinstallation", ...prepared],
      ],
      [
        "first lets a saved state write what is to stay to the other disks",
        {
          given: { reinstall: "b", running: false },
          was: { installer: "/i.iso" },
          state: "is off",
          seen: { ...seen, hasSavedState: true },
        },
        ["resume-and-plan-again"],
      ],
    ] as const satisfies readonly (readonly [string, Case, readonly string[]])[]) {
      it(name, () => assert.deepEqual(linesOfUpdate(update), expected));
    }

    it("has its text in the mark until the installer starts", () => {
      const steps = updateOf({ given: { reinstall: "b" }, was: { installer: "/i.iso" }, seen });
      const record = steps.find(({ kind }) => kind === "record-reinstallation");
      const mark = readMark((record as { readonly definition: Element }).definition);
      assert.deepEqual([mark?.phase, mark?.reinstall], ["reinstalling", "b"]);
    });

    it("goes on as a create does, with autostart off while the installer runs", () => {
      const progress = { phase: "reinstalling", isUnderWay: false, hasStarted: true } as const;
      const installs = inputsOf({ installer: "/i.iso", reinstall: "b" });
      assert.deepEqual(
        linesOf(planCreate(installs, { ...nothing, definition: el("domain"), installation, progress })),
        [
          "require-room",
          "reserve 10.0.0.10",
          "set-autostart false",
          "start-installation",
          "boot-disk-next",
          "await-installation",
          "finish-installation",
          "set-autostart true",
          "start",
          "discard-installer",
        ],
      );
    });

    it("forgets a text that the program has no more at the very end, because until then the text shows what is left", () => {
      const progress = { phase: "installing", isUnderWay: true, hasStarted: true } as const;
      const definition = withMark(machineXml(inputsOf(), nothing), { ...owner, phase: "installing", reinstall: "b" });
      const lastOf = (given: object) =>
        planCreate(inputsOf({ installer: "/i.iso", ...given }), { ...nothing, definition, installation, progress }).at(
          -1,
        );
      assert.deepEqual(lastOf({}), { kind: "forget-reinstallation" });
      assert.deepEqual(lastOf({ reinstall: "b" }), { kind: "discard-installer" });
    });

    it("and has no installer any more ends the installer, and erases nothing", () => {
      const progress = { phase: "installing", isUnderWay: false, hasStarted: false } as const;
      assert.deepEqual(linesOf(planCreate(inputsOf(), { ...nothing, definition: el("domain"), progress })), [
        "reserve 10.0.0.10",
        "stop-installer",
        "finish-installation",
        "set-autostart true",
        "start",
      ]);
    });

    it("and was withdrawn switches autostart on again", () => {
      const definition = withMark(machineXml(inputsOf(), nothing), { ...owner, phase: "reinstalling", reinstall: "b" });
      assert.ok(linesOfUpdate({ seen: { definition } }).includes("set-autostart true"));
    });
  });

  it("of the firmware of a machine that no installer has installed starts it with empty variables", () => {
    assert.deepEqual(linesOfUpdate({ given: { firmware: "uefi" }, state: "is off" }), [
      "define",
      "reserve 10.0.0.10",
      "make-log",
      "start for the first time",
    ]);
    const installed = { given: { firmware: "uefi" }, was: { installer: "/i.iso" }, state: "is off" } as const;
    assert.deepEqual(linesOfUpdate(installed), ["reserve 10.0.0.10", "make-log", "start"]);
  });

  it("of a machine that is being installed leaves its definition alone", () => {
    const definition = withMark(machineXml(inputsOf(), nothing), { ...owner, phase: "installing" });
    assert.deepEqual(linesOfUpdate({ given: { nics: [] }, macs: [], seen: { definition } }), [
      "reserve",
      "release 10.0.0.10",
    ]);
  });

  it("defines the machine with the mark of its owner, and with the files that are made for it", () => {
    const [define] = updateOf({ given: { vcpus: 2 }, state: "is off", seen: { filesToMake: ["/elsewhere/web.log"] } });
    assert.ok(define?.kind === "define");
    assert.deepEqual(readMark(define.definition), { ...owner, phase: "ready", files: ["/elsewhere/web.log"] });
  });

  it("that libvirt refuses leaves what was noted as it was", () => {
    const steps = updateOf({ given: { memory: "1536MiB" } });
    const [note, define] = steps;
    assert.ok(note?.kind === "note" && define?.kind === "define");
    assert.deepEqual(define.notedBefore, []);
  });

  it("of a machine that no longer exists is an error", () => {
    assert.throws(() => updateOf({ seen: { definition: undefined } }), { message: /machine "web" no longer exists/ });
  });
});

describe("a machine that has followed what it could", () => {
  const waiting = [{ path: "cpu" }];
  const failures = [
    {
      step: { kind: "memory", field: "memory", kibibytes: 1 } as const,
      reason: "the guest has not changed its memory",
    },
  ];
  const after = (given: object, left: Parameters<typeof planAfterFollowing>[1]) =>
    linesOf(planAfterFollowing(inputsOf(given), left, []));

  it("has nothing more to do", () => assert.deepEqual(after({}, { waiting: [], failures: [] }), []));
  it("waits for its restart", () => assert.deepEqual(after({}, { waiting, failures: [] }), []));
  it("restarts for the changes that wait, also when that was outstanding alone", () => {
    assert.deepEqual(after({ allowRestart: true, wait: "ssh" }, { waiting, failures }), ["restart cpu", "await-ssh"]);
  });
  it("is reported where it continues to run", () =>
    assert.deepEqual(after({}, { waiting, failures }), ["report-failures"]));
  it("is started where it went off meanwhile", () => {
    assert.deepEqual(after({ wait: "ssh" }, undefined), ["start", "await-ssh"]);
    assert.deepEqual(after({ running: "leave" }, undefined), []);
  });
});

describe("a rename", () => {
  const definition = deployed(inputsOf());
  const live = withAttributes(definition, { id: "1" });
  const plan = (given: object, seen: { definition: Element; live: Element | undefined }) =>
    planRename(inputsOf({ name: "www", ...given }), seen).map((step) =>
      step.kind === "turn-off" ? `turn-off: ${step.how}` : step.kind,
    );
  const moves = ["move-variables", "rename", "move-logs"];

  it("moves the variables first: by its old name the next `up` finds a machine whose rename was interrupted", () => {
    assert.deepEqual(plan({}, { definition, live: undefined }), ["require-free-name", ...moves]);
  });
  it("turns off what runs, where that is allowed", () => {
    assert.deepEqual(plan({ allowRestart: true }, { definition, live }), [
      "require-free-name",
      "turn-off: ask",
      ...moves,
    ]);
    assert.deepEqual(plan({ running: false }, { definition, live }), ["require-free-name", "turn-off: ask", ...moves]);
    assert.deepEqual(plan({}, { definition, live }), ["require-free-name", "turn-off: refuse", ...moves]);
  });
  it("stops an installer, which wouldn't answer, but not what runs from its disk since", () => {
    const marked = withMark(definition, { ...owner, phase: "installing" });
    const media = { iso: "/i.iso", log: "/logs/web.installer.log" };
    const installing = withAttributes(machineXml(inputsOf(), nothing, media), { id: "1" });
    const steps = (running: Element) => plan({}, { definition: marked, live: running });
    assert.deepEqual(steps(installing), ["require-free-name", "turn-off: stop", ...moves]);
    assert.deepEqual(steps(live), ["require-free-name", "turn-off: refuse", ...moves]);
  });
  it("of a machine that has the name is none", () => {
    assert.deepEqual(plan({ name: "web" }, { definition, live }), []);
  });
});
