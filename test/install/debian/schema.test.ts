import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkInputs } from "../../../provider/check";
import { limits } from "../../../provider/install/debian/limits";
import { debianOptions } from "../../../provider/install/debian/schema";
import { type Given, optionsOf } from "./options";

const full = {
  suite: "trixie",
  repositories: ["security"],
  recipe: "home",
  kernelPackage: "linux-image-cloud-amd64",
  recommends: false,
  initramfs: "dep",
  lateCommands: ["true"],
};

function failuresOf(options: Readonly<Record<string, unknown>>): string[] {
  return checkInputs(debianOptions, options).failures.map(({ property, reason }) => `${property}: ${reason}`);
}

describe("the options of Debian", () => {
  it("may all be given", () => assert.deepEqual(failuresOf(full), []));
  it("may all be missing", () => assert.deepEqual(failuresOf({}), []));

  const wrong: [change: Readonly<Record<string, unknown>>, failure: string][] = [
    [{ suite: "Trixie" }, 'suite: "Trixie" is not a suite; write it like "trixie"'],
    [{ repositories: ["testing"] }, "repositories[0]: must be one of security, updates, backports"],
    [{ recipe: "mine" }, 'recipe: "mine" is neither atomic, home, multi nor an expert recipe'],
    [{ kernelPackage: "vmlinuz" }, 'kernelPackage: "vmlinuz" is not a kernel package'],
    [{ initramfs: "all" }, "initramfs: must be one of most, dep"],
    [{ lateCommands: [""] }, "lateCommands[0]: "],
    [{ sutie: "x" }, 'sutie: there is no such key; did you mean "suite"?'],
  ];
  for (const [change, failure] of wrong) {
    it(failure.split(/[;,]/, 1)[0] ?? "", () => {
      const failures = failuresOf({ ...full, ...change });
      assert.equal(failures.length, 1, failures.join("\n"));
      assert.ok(failures[0]?.startsWith(failure), failures[0]);
    });
  }

  it("take an expert recipe", () => {
    assert.deepEqual(failuresOf({ recipe: "mine :: 1024 1024 -1 ext4 $primary{ } ." }), []);
  });
});

describe("what Debian's installer can't do", () => {
  const refused: [given: Given, failure: RegExp][] = [
    [{ kernelArguments: ["quiet", "a b"] }, /^system\.kernelArguments\[1\]: "a b" can't be handed on by Debian's/],
    [{ kernelArguments: ["---"] }, /^system\.kernelArguments\[0\]: "---" can't be handed on/],
    [
      { disk: { layout: "custom" } },
      /^system\.disk\.layout: custom needs the text of an expert recipe in `debian\.recipe`$/,
    ],
  ];
  for (const [given, failure] of refused) {
    it(`is told: ${failure.source}`, () => {
      const { system, own } = optionsOf(given);
      const failures = limits(system, own).map(({ property, reason }) => `${property}: ${reason}`);
      assert.equal(failures.length, 1, failures.join("\n"));
      assert.match(failures[0] ?? "", failure);
    });
  }

  it("is nothing of the defaults", () => {
    const { system, own } = optionsOf();
    assert.deepEqual(limits(system, own), []);
  });
});
