import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parsePath, resolveTable } from "../../../provider/install/shared/table";
import { formatPath } from "../../../provider/resource/check";
import fc from "../../properties";

const data = {
  machines: { web: { nics: [{ address: "10.0.0.1" }, { address: "10.0.0.2" }], name: "web-1" } },
  empty: null,
  off: false,
};

function resolved(text: string) {
  return resolveTable({ path: "answers.table.yaml", text }, data);
}

describe("a table", () => {
  const cases = [
    { entry: "machines.web.name", value: "web-1" },
    { entry: "machines.web.nics[1].address", value: "10.0.0.2" },
    { entry: "machines.web.nics", value: data.machines.web.nics },
    { entry: "off", value: false },
    { entry: "empty", value: null },
    { entry: "{ path: machines.db.name, default: none }", value: "none" },
    { entry: "{ path: machines.web.name, default: none }", value: "web-1" },
    { entry: "{ path: nothing, default: null }", value: null },
  ];
  for (const { entry, value } of cases) {
    it(`leads by ${entry} to ${JSON.stringify(value)}`, () =>
      assert.deepEqual(resolved(`v: ${entry}\n`), { v: value }));
  }

  it("may be empty", () => assert.deepEqual(resolved("# nothing\n"), {}));

  const wrong = [
    {
      text: "a: off\nb: machines.web1.name\n",
      message:
        'answers.table.yaml:2:4: b: there is no machines.web1.name; did you mean "web"? In machines there are: web. Correct the path, or write {path: machines.web1.name, default: …}',
    },
    { text: "v: machine.web\n", message: 'did you mean "machines"? In the data there are: machines, empty, off' },
    { text: "v: machines.web.nics[2]\n", message: "machines.web.nics has 2 items, counted from 0" },
    { text: "v: machines.web.name.x\n", message: "machines.web.name has no value of its own below it" },
    { text: "v: machines.web.toString\n", message: "there is no machines.web.toString" },
    { text: "v: machines..web\n", message: 'answers.table.yaml:1:4: "machines..web" is not a path; write it like' },
    { text: "v: [1]\n", message: "answers.table.yaml:1:4: v: must be a path such as" },
    { text: "v: { pth: a }\n", message: "answers.table.yaml:1:4: v: must be a path such as" },
    { text: "v: { path: off, default: 1, x: 1 }\n", message: "answers.table.yaml:1:4: v: must be a path such as" },
    { text: "- a\n", message: "answers.table.yaml:1:1: must be a map, but is a list" },
    { text: "v: [\n", message: "answers.table.yaml:" },
  ];
  for (const { text, message } of wrong) {
    it(`with ${JSON.stringify(text)} is refused with file, line and column`, () => {
      assert.throws(
        () => resolved(text),
        (error: Error) => error.message.includes(message) || assert.fail(error.message),
      );
    });
  }
});

describe("a path", () => {
  it("comes back as it was written", () => {
    const key = fc.stringMatching(/^[A-Za-z_-]{1,8}$/);
    const path = fc.tuple(key, fc.array(fc.oneof(key, fc.nat(99)), { maxLength: 5 }));
    fc.assert(
      fc.property(path, ([first, rest]) => assert.deepEqual(parsePath(formatPath([first, ...rest])), [first, ...rest])),
    );
  });
  for (const text of ["", ".", "a.", "a[", "a[]", "a[x]", "[0]", "a]b"]) {
    it(`can't be ${JSON.stringify(text)}`, () => assert.equal(parsePath(text), undefined));
  }
});
