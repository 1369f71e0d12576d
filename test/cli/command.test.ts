import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Command, exitCodes, type Given, runCommand } from "../../provider/cli/command";
import { KvmError } from "../../provider/values/errors";
import { testTerminal } from "./terminal";

const world = (terminal: ReturnType<typeof testTerminal>) => ({
  terminal,
  host: () => assert.fail("no host is needed"),
  defaultConnection: () => "qemu:///system",
});

async function ran(...args: string[]) {
  const terminal = testTerminal();
  let given: readonly Given[] | undefined;
  const command: Command = {
    name: "look",
    summary: "looks at things",
    help: "usage: kvm-deploy look",
    options: { at: { type: "string", multiple: true }, all: { type: "boolean" } },
    run: (options) => {
      given = options;
      if (options.some(({ value }) => value === "broken")) throw new KvmError("not-found", "it is broken");
      return Promise.resolve(exitCodes.found);
    },
  };
  const code = await runCommand(args, [command], world(terminal));
  return { code, given, printed: terminal.printed.join("\n"), told: terminal.told.join("\n") };
}

describe("kvm-deploy", () => {
  it("lists its commands", async () => {
    const { code, printed } = await ran("--help");
    assert.equal(code, 0);
    assert.match(printed, /^usage: kvm-deploy COMMAND[^]*\n {2}look {2}looks at things\n/);
  });
  it("lists them also when none is named, which is a mistake", async () => {
    const { code, printed } = await ran();
    assert.deepEqual([code, printed.startsWith("usage: ")], [2, true]);
  });
  it("tells how a command is used, whatever else is given", async () => {
    const { code, printed, given } = await ran("look", "--all", "--help");
    assert.deepEqual([code, printed, given], [0, "usage: kvm-deploy look", undefined]);
  });
  it("gives a command its options in their order, and ends with its code", async () => {
    const { code, given } = await ran("look", "--at", "a", "--all", "--at=b");
    const expected = [
      ["at", "a"],
      ["all", ""],
      ["at", "b"],
    ].map(([name, value]) => ({ name, value }));
    assert.deepEqual([code, given], [1, expected]);
  });
  for (const [args, message] of [
    [["lok"], /^kvm-deploy: there is no command "lok"\. See `kvm-deploy --help`$/],
    [["look", "--ta"], /^kvm-deploy: Unknown option '--ta'\. See `kvm-deploy look --help`$/],
    [["look", "at"], /^kvm-deploy: Unexpected argument 'at'\. See `kvm-deploy look --help`$/],
    [["look", "--at"], /^kvm-deploy: Option '--at <value>' argument missing\. See/],
    [["look", "--at", "broken"], /^kvm-deploy: it is broken$/],
  ] as const) {
    it(`tells what is wrong: ${args.join(" ")}`, async () => {
      const { code, told } = await ran(...args);
      assert.equal(code, 2);
      assert.match(told, message);
    });
  }
});
