import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Conflict } from "../../provider/errors";
import { attributeOf, parse, render } from "../../provider/format/xml";
import { ownDefinition, readMark, withMark } from "../../provider/libvirt/mark";

const owner = "urn:pulumi:dev::web::pulumi-nodejs:dynamic/kvm:Machine::a&b";
const plain = "<domain><name>web</name></domain>";
const marked = render(withMark(parse(plain), { owner, phase: "ready" }));

describe("the mark of ownership", () => {
  for (const phase of ["installing", "ready"] as const) {
    it(`survives the journey through XML with the phase ${phase}`, () =>
      assert.deepEqual(readMark(parse(render(withMark(parse(plain), { owner, phase })))), { owner, phase }));
  }

  it("takes the place of an earlier one, and other programs' metadata stays", () => {
    const foreign = parse('<domain><metadata><a:x xmlns:a="urn:a" y="1"/></metadata></domain>');
    const twice = withMark(withMark(foreign, { owner, phase: "installing" }), { owner, phase: "ready" });
    assert.deepEqual(readMark(twice), { owner, phase: "ready" });
    assert.equal(render(twice).split("<kvm-deploy:mark").length, 2);
    assert.equal(attributeOf(twice, "metadata/a:x", "y"), "1");
  });

  it("is absent from what others made", () => assert.equal(readMark(parse(plain)), undefined));
});

describe("a definition by its owner", () => {
  it("is given to the resource that made it", () =>
    assert.deepEqual(ownDefinition(marked, 'a machine "web"', owner), parse(marked)));

  for (const [maker, xml, message] of [
    [
      "another resource",
      marked.replaceAll("a&amp;b", "c"),
      /^name: a machine "web" exists already, and it belongs to urn:.*::c\. To take it over as it is, set adopt to that URN/,
    ],
    [
      "somebody else",
      plain,
      /^name: a machine "web" exists already, and kvm-deploy did not make it\. To take it over as it is, set adopt to true/,
    ],
  ] as const) {
    it(`of ${maker} is a conflict that says whose it is`, () =>
      assert.throws(
        () => ownDefinition(xml, 'a machine "web"', owner),
        (error) => error instanceof Conflict && message.test(error.message),
      ));
  }
});
