import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isArgument, joinArguments, mergeArguments, splitArguments } from "../../provider/format/kernel-arguments";
import fc from "../properties";

describe("kernel arguments", () => {
  it("come back from a command line as they went in", () => {
    const argument = fc
      .string({ minLength: 1, maxLength: 20 })
      .filter((text) => isArgument(text) && text.trim() !== "");
    const list = fc.array(argument, { maxLength: 10 });
    fc.assert(fc.property(list, (args) => assert.deepEqual(splitArguments(joinArguments(args)), args)));
  });

  const quoted = [
    { args: ["quiet", "console=ttyS0,115200"], line: "quiet console=ttyS0,115200" },
    { args: ["dyndbg=file a +p"], line: 'dyndbg="file a +p"' },
    { args: ["a b"], line: '"a b"' },
    { args: ["a b=c"], line: '"a b=c"' },
    { args: ["root=UUID=1 2"], line: 'root="UUID=1 2"' },
    { args: [], line: "" },
  ];
  for (const { args, line } of quoted) {
    it(`are written as ${line === "" ? "nothing" : line}`, () => assert.equal(joinArguments(args), line));
  }

  for (const wrong of ["", 'a="b"', "a'b", "a\nb", "a\tb", "a\0"]) {
    it(`can't be ${JSON.stringify(wrong)}`, () => {
      assert.throws(() => joinArguments([wrong]), /can't be given to a kernel/);
    });
  }

  it("may have 2047 bytes in all, and not one more", () => {
    assert.equal(joinArguments(["x".repeat(2047)]).length, 2047);
    assert.throws(() => joinArguments(["x".repeat(1000), "y".repeat(1047)]), /have 2048 bytes; the kernel takes 2047/);
  });

  it("replace those of the same name, but every console stays", () => {
    const merged = mergeArguments(["quiet", "a=1", "console=tty0"], ["a=2", "console=ttyS0"]);
    assert.deepEqual(merged, ["quiet", "console=tty0", "a=2", "console=ttyS0"]);
  });
});
