import type { EngineEvent } from "@pulumi/pulumi/automation";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { clock, limited, plainLines, rowLines, summaryLine, type View } from "../../provider/cli/rows/lines";
import { after, nothingYet, type Progress } from "../../provider/cli/rows/rows";
import { coloured, fitted, plain, printable } from "../../provider/cli/rows/style";

const urnOf = (kind: string, name: string) =>
  `urn:pulumi:lab::kvm-deploy::kvm:index:Deployment$pulumi-nodejs:dynamic/kvm:${kind}::${name}`;

type Happened = "begins" | "ends" | "fails";

/** An event of the engine about a resource such as `Machine web`. */
function step(op: string, resource: string, happened: Happened, inputs: readonly [object?, object?] = []): EngineEvent {
  const [kind = "", name = ""] = resource.split(" ");
  const [old, next] = inputs.map((each) => (each === undefined ? undefined : { inputs: each }));
  const metadata = { op, urn: urnOf(kind, name), type: `pulumi-nodejs:dynamic/kvm:${kind}`, old, new: next };
  const key = { begins: "resourcePreEvent", ends: "resOutputsEvent", fails: "resOpFailedEvent" }[happened];
  return { sequence: 0, timestamp: 0, [key]: { metadata } };
}

function says(resource: string | undefined, message: string, more: object = {}): EngineEvent {
  const [kind = "", name = ""] = resource?.split(" ") ?? [];
  const urn = resource === undefined ? undefined : urnOf(kind, name);
  return {
    ...{ sequence: 0, timestamp: 0 },
    diagnosticEvent: {
      ...(urn === undefined ? {} : { urn }),
      message,
      color: "never",
      severity: "info",
      ephemeral: true,
      ...more,
    },
  };
}

/** The progress after events that are a second apart. */
function played(events: readonly EngineEvent[]): Progress {
  return events.reduce((progress, event, index) => after(progress, event, (index + 1) * 1000), nothingYet(0));
}

const view = (more: Partial<View> = {}): View => ({
  isPreview: false,
  columns: 80,
  style: plain,
  nowMs: 60_000,
  ...more,
});

const machine = "Machine web";

describe("the engine's events become rows", () => {
  const change = [
    { memory: "1GiB", vcpus: 1, __urn: "a" },
    { memory: "2GiB", vcpus: 1, __urn: "b" },
  ] as const;
  for (const [title, events, expected] of [
    ["a create that runs", [step("create", machine, "begins")], ["  + machine web  creating      0:59"]],
    [
      "that ended",
      [step("create", machine, "begins"), step("create", machine, "ends")],
      ["  + machine web  created       0:01"],
    ],
    [
      "that failed",
      [step("create", machine, "begins"), step("create", machine, "fails")],
      ["  ✗ machine web  failed        0:01"],
    ],
    [
      "its stage, without the time that the row has, too",
      [step("create", machine, "begins"), says(machine, "installing: base system, 3 min 12 s")],
      ["  + machine web  creating      installing: base system  0:59"],
    ],
    [
      "a stage with a percentage has a bar",
      [step("create", machine, "begins"), says(machine, "installing: base system 55 %, 3 min 12 s")],
      ["  + machine web  creating      installing: base system ██████░░░░  55 %  0:59"],
    ],
    [
      "a stage that came before the row, or after its end, is not shown",
      [
        says(machine, "early"),
        step("create", machine, "begins"),
        step("create", machine, "ends"),
        says(machine, "late"),
      ],
      ["  + machine web  created       0:01"],
    ],
    [
      "an update names its inputs, and no internal ones",
      [step("update", machine, "begins", change), step("update", machine, "ends", change)],
      ["  ~ machine web  changed       memory  0:01"],
    ],
    [
      "a replacement is one row",
      [
        step("delete-replaced", machine, "begins"),
        step("delete-replaced", machine, "ends"),
        step("create-replacement", machine, "begins"),
      ],
      ["  ± machine web  replacing     0:59"],
    ],
    [
      "a refresh that finds a difference changes the state",
      [step("refresh", machine, "begins"), step("refresh", machine, "ends", change)],
      ["  ~ machine web  changed       memory  0:01"],
    ],
    ["what is unchanged has no row", [step("same", machine, "begins"), step("same", machine, "ends")], []],
    ["nor has what kvm-deploy doesn't make", [step("create", "Stack lab", "begins")], []],
    [
      "a refresh that completes an installation has one while it does",
      [step("refresh", machine, "begins"), says(machine, "is installed")],
      ["    machine web  reading       is installed  0:59"],
    ],
  ] as const) {
    it(title, () => assert.deepEqual(rowLines(played(events), view()), expected));
  }
  it("a preview says what would be done, without times", () => {
    const events = [
      step("create", machine, "begins"),
      step("create", machine, "ends"),
      step("delete", "Volume old", "ends"),
    ];
    const lines = rowLines(played(events), view({ isPreview: true }));
    assert.deepEqual(lines, ["  + machine web  to create", "  - volume old   to delete"]);
  });
  it("a line is never longer than the terminal", () => {
    const events = [
      step("create", `Machine ${"w".repeat(60)}`, "begins"),
      says(`Machine ${"w".repeat(60)}`, `installing ${"x".repeat(200)} 5 %`),
    ];
    for (const columns of [42, 60, 80, 200])
      for (const line of rowLines(played(events), view({ columns }))) assert.ok(line.length < columns, line);
  });
  it("a program's text can neither move the cursor nor start a line", () => {
    const [line = ""] = rowLines(
      played([step("create", machine, "begins"), says(machine, "a\u001b[2Jb\nc\r\u0007d")]),
      view(),
    );
    assert.equal(line, "  + machine web  creating      ab cd  0:59");
  });
});

describe("messages", () => {
  for (const [title, event, expected] of [
    [
      "have the resource's name",
      says(machine, "slow", { ephemeral: false, severity: "warning" }),
      ["warning: machine web: slow"],
    ],
    [
      "once",
      says(machine, "web: memory: at once", { ephemeral: false, severity: "warning" }),
      ["warning: web: memory: at once"],
    ],
    [
      "without Pulumi's colours",
      says(undefined, "<{%fg 1%}>no<{%reset%}>", { ephemeral: false, severity: "error" }),
      ["error: no"],
    ],
    [
      "without Pulumi's name of the resource",
      says(machine, "pulumi-nodejs:dynamic/kvm:Machine resource 'web' has a problem: bad", {
        ephemeral: false,
        severity: "error",
      }),
      ["error: machine web: bad"],
    ],
    [
      "of the debug log are not shown: they may have secrets",
      says(machine, "key", { ephemeral: false, severity: "debug" }),
      [],
    ],
    [
      "of the engine about other messages are not shown",
      says(undefined, "update failed", { ephemeral: false, severity: "error" }),
      [],
    ],
  ] as const) {
    it(title, () => assert.deepEqual(plainLines(nothingYet(0), played([event]), view()), expected));
  }
});

it("without a terminal, each news is a line, and numbers are no news", () => {
  const events = [
    step("create", machine, "begins"),
    says(machine, "installing: base system 5 %, 10 s"),
    says(machine, "installing: base system 6 %, 20 s"),
    says(machine, "installing: packages, 30 s"),
    step("create", machine, "ends"),
  ];
  const lines = events.map((_, index) =>
    plainLines(played(events.slice(0, index)), played(events.slice(0, index + 1)), view()),
  );
  assert.deepEqual(lines, [
    ["machine web: creating"],
    ["machine web: installing: base system 5 %, 10 s"],
    [],
    ["machine web: installing: packages, 30 s"],
    ["machine web: created (0:04)"],
  ]);
});

it("an interrupted run is not what Pulumi's users have to look at", () => {
  const urn = urnOf("Machine", "web");
  const text = `Attempting to deploy or update resources with 1 pending operations from previous deployment.\n  * ${urn}, interrupted while creating\nThese resources are in an unknown state. For example, if you are using AWS, …`;
  const { messages } = played([
    says(undefined, text, { severity: "warning", ephemeral: false }),
    says(undefined, "^C received; terminating", { ephemeral: false }),
  ]);
  assert.deepEqual(messages, [
    {
      severity: "info",
      text: "an earlier run was interrupted at machine web: `kvm-deploy up` continues it, and after that `kvm-deploy refresh` removes this note",
    },
  ]);
});

it("a line break at the end of a stage makes no empty line", () => {
  const events = [step("create", machine, "begins"), says(machine, "writing the ISO\n")];
  assert.deepEqual(plainLines(played(events.slice(0, 1)), played(events), view()), ["machine web: writing the ISO"]);
});

it("the summary counts what was done and what was not", () => {
  const events = [
    step("create", machine, "ends"),
    step("same", "Network a", "ends"),
    step("same", "Network b", "ends"),
    step("update", "Volume c", "fails"),
  ];
  assert.equal(summaryLine(played(events), view()), "1 created, 2 unchanged, 1 failed (1:00)");
  assert.equal(summaryLine(played(events.slice(0, 2)), view({ isPreview: true })), "1 to create, 1 unchanged");
  assert.equal(summaryLine(nothingYet(0), view({ isPreview: true })), "nothing to do");
});

it("of too many rows the running ones stay", () => {
  const lines = ["a", "b", "c", "d", "e"];
  const isRunning = [false, false, true, false, true];
  assert.deepEqual(limited(lines, isRunning, 3), ["c", "e", "    … and 3 more"]);
  assert.deepEqual(limited(lines, isRunning, 5), lines);
  assert.deepEqual(limited(lines, isRunning, 0), []);
});

it("times, widths and colours", () => {
  assert.deepEqual([0, 61_000, 3_600_000, -5].map(clock), ["0:00", "1:01", "1:00:00", "0:00"]);
  assert.deepEqual([fitted("ab", 4), fitted("abcde", 4), fitted("abc", 0)], ["ab  ", "abc…", ""]);
  assert.deepEqual([coloured("red", "x"), coloured("red", "")], ["\u001b[31mx\u001b[0m", ""]);
  assert.equal(printable("a\tb\nc\u0085d"), "a\tb\ncd");
});
