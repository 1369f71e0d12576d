import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Command, exitCodes, type Request } from "../../provider/cli/command";
import { runCommand } from "../../provider/cli/run";
import { KvmError } from "../../provider/values/errors";
import { testTerminal, testWorld } from "./terminal";

const noHost = { host: () => assert.fail("no host is needed") };

async function ran(...args: string[]) {
  const terminal = testTerminal();
  let request: Request | undefined;
  const command: Command = {
    name: "look",
    summary: "looks at things",
    description: ["They stay as they are."],
    arguments: [{ name: "FILE" }, { name: "MACHINE", isRepeatable: true }, { name: "COMMAND", isRepeatable: true }],
    options: [
      { name: "at", value: "PLACE", isRepeatable: true, summary: "where it looks" },
      { name: "all", summary: "looks everywhere" },
      { name: "by", value: "DAY", choices: ["night", "day"], summary: "when" },
    ],
    exits: { 0: "it is there", 1: "it is not", 2: "it could not look" },
    load: () => Promise.resolve({ run: answer }),
  };
  const status: Command = {
    ...{ name: "state", summary: "fails", description: [], arguments: [], exits: { 0: "never", 2: "always" } },
    options: [{ name: "json", summary: "prints JSON" }],
    load: () => Promise.resolve({ run: () => Promise.reject(new KvmError("not-found", "it is broken")) }),
  };
  const answer = (given: Request) => {
    request = given;
    if (given.options.some(({ value }) => value === "broken")) throw new KvmError("not-found", "it is broken");
    return Promise.resolve(exitCodes.found);
  };
  const code = await runCommand(
    args,
    testWorld(terminal, { ...noHost, table: { commands: [command, shell, status], other } }),
  );
  return { code, request, printed: terminal.printed.join("\n"), told: terminal.reported.join("\n") };
}

/** What runs if the first word is no command. */
const other: Command = {
  name: "",
  summary: "the same for one",
  description: [],
  arguments: [{ name: "MACHINE", isRequired: true }],
  options: [{ name: "force", summary: "by force" }],
  exits: { 0: "fine", 2: "failed" },
  load: () =>
    Promise.resolve({
      run: ({ meant }: Request) => Promise.reject(new KvmError("not-found", `meant: ${meant ?? "none"}`)),
    }),
};

const shell: Command = {
  name: "shell",
  summary: "takes a word of few",
  description: [],
  arguments: [{ name: "SHELL", isRequired: true, choices: ["bash", "fish"] }],
  options: [],
  exits: { 0: "fine", 2: "failed" },
  load: () => Promise.resolve({ run: () => Promise.resolve(exitCodes.fine) }),
};

describe("kvm-deploy", () => {
  it("--json is JSON also of a failure, and of a wrong use", async () => {
    const broken = await ran("state", "--json");
    assert.deepEqual(
      [broken.code, JSON.parse(broken.printed)],
      [2, { isOk: false, messages: [{ severity: "error", text: "it is broken" }] }],
    );
    const { printed } = await ran("look", "--json", "--alll");
    assert.match(printed, /^\{[^]*Unknown option '--(json|alll)'/);
    assert.equal((await ran("look", "--alll", "--", "--json")).printed, "");
  });
  it("lists its commands", async () => {
    const { code, printed } = await ran("--help");
    assert.equal(code, 0);
    assert.match(printed, /^usage: kvm-deploy COMMAND[^]*\n {2}look {3}looks at things\n/);
  });
  it("lists them also when none is named, which is a mistake", async () => {
    const { code, printed } = await ran();
    assert.deepEqual([code, printed.startsWith("usage: ")], [2, true]);
  });
  it("shows how a command is used, whatever else is given", async () => {
    const { code, printed, request } = await ran("look", "--all", "--help");
    assert.deepEqual([code, request], [0, undefined]);
    assert.equal(
      printed,
      [
        "usage: kvm-deploy look [OPTION...] [FILE] [MACHINE...] [-- COMMAND...]",
        "Looks at things.",
        "They stay as they are.",
        "  --at PLACE  where it looks; may be repeated\n  --all       looks everywhere\n  --by DAY    when: night, day\n  --help      shows this help",
        "Exit code: 0 it is there; 1 it is not; 2 it could not look.",
      ].join("\n\n"),
    );
  });
  it("gives a command its options in their order, and ends with its code", async () => {
    const { code, request } = await ran("look", "--at", "a", "--all", "--at=b");
    const expected = [
      ["at", "a"],
      ["all", ""],
      ["at", "b"],
    ].map(([name, value]) => ({ name, value }));
    assert.deepEqual([code, request?.options], [1, expected]);
  });
  for (const [words, file, machines, rest] of [
    ["", [], [], []],
    ["lab.yaml", ["lab.yaml"], [], []],
    ["web lab.yml db", ["lab.yml"], ["web", "db"], []],
    ["./web db -- ls -l --help", ["./web"], ["db"], ["ls", "-l", "--help"]],
    ["-- lab.yaml", [], [], ["lab.yaml"]],
  ] as const) {
    it(`reads its words: ${words}`, async () => {
      const { request } = await ran("look", ...words.split(" ").filter((word) => word !== ""));
      const { FILE, MACHINE = [], COMMAND } = request?.arguments ?? {};
      assert.deepEqual([FILE, MACHINE, COMMAND], [file, machines, rest]);
    });
  }
  for (const [args, message] of [
    [["lok"], /^kvm-deploy: meant: look$/],
    [["--force", "zzz"], /^kvm-deploy: meant: none$/],
    [["--force"], /^kvm-deploy: MACHINE is missing\. See `kvm-deploy --help`$/],
    [["--force", "look"], /^kvm-deploy: the command look must come first, before its options\. See/],
    [["look", "--alll"], /^kvm-deploy: Unknown option '--alll'; did you mean --all\?\. See `kvm-deploy look --help`$/],
    [["look", "a.yaml", "b.yaml"], /^kvm-deploy: unexpected argument "b.yaml": one file is enough\. See/],
    [["look", "--at"], /^kvm-deploy: Option '--at <value>' argument missing\. See/],
    [["look", "--by", "x"], /^kvm-deploy: --by can't be "x": it is one of night, day\. See/],
    [["look", "--at", "broken", "--all"], /^kvm-deploy: it is broken$/],
    [["shell"], /^kvm-deploy: SHELL is missing\. See `kvm-deploy shell --help`$/],
    [["shell", "zsh"], /^kvm-deploy: SHELL can't be "zsh": it is one of bash, fish\./],
    [["shell", "bash", "x"], /^kvm-deploy: unexpected argument "x"\./],
    [["shell", "bash", "--", "x"], /^kvm-deploy: unexpected argument "x"\./],
  ] as const) {
    it(`says what is wrong: ${args.join(" ")}`, async () => {
      const { code, told } = await ran(...args);
      assert.equal(code, 2);
      assert.match(told, message);
    });
  }
});
