import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { attributeOf, el, parse, render } from "../../provider/format/xml";
import { isOwn, readMark, uuidOf, withMark, withoutMark } from "../../provider/libvirt/mark";
import { claimRoot } from "../../provider/resource/ownership";
import { legacyIdentity } from "../../provider/values/identity";

const owner = "urn:pulumi:dev::web::pulumi-nodejs:dynamic/kvm:Machine::a&b";
const identity = "8f3b6f0e-6d0a-4c56-9b42-1f6f0f0c0a11";
const plain = "<domain><name>web</name></domain>";
const mark = { owner, identity, phase: "ready" } as const;
const through = (of: typeof mark | (Omit<typeof mark, "phase"> & { phase: "installing" })) =>
  readMark(parse(render(withMark(parse(plain), of))));

describe("the mark of ownership", () => {
  for (const phase of ["installing", "ready"] as const) {
    it(`survives the journey through XML with the phase ${phase}`, () => {
      const given = { ...mark, phase, adopted: true, files: ["/a/b"] };
      assert.deepEqual(through(given as typeof mark), given);
    });
  }

  it("takes the place of an earlier one, and other programs' metadata stays, also when it goes", () => {
    const foreign = parse('<domain><metadata><a:x xmlns:a="urn:a" y="1"/></metadata></domain>');
    const twice = withMark(withMark(foreign, { ...mark, phase: "installing" }), mark);
    assert.deepEqual(readMark(twice), mark);
    assert.equal(render(twice).split("<kvm-deploy:mark").length, 2);
    assert.equal(attributeOf(twice, "metadata/a:x", "y"), "1");
    assert.deepEqual(withoutMark(twice), foreign);
  });

  it("is absent from what others made", () => assert.equal(readMark(parse(plain)), undefined));

  it("of an earlier release has the identity that its URN stands for", () => {
    const old = `<domain><metadata><kvm-deploy:mark xmlns:kvm-deploy="urn:kvm-deploy:mark:1" owner="urn:a" phase="ready"/></metadata></domain>`;
    assert.equal(readMark(parse(old))?.identity, legacyIdentity("urn:a"));
  });
});

describe("a thing on the host", () => {
  const marked = withMark(parse(plain), mark);

  it("is the resource's by its identity alone", () => {
    assert.ok(isOwn(marked, identity));
    assert.ok(!isOwn(marked, `${identity}-2`));
    assert.ok(!isOwn(parse(plain), identity));
  });

  it("is the resource's without a mark when it has the UUID that the resource made it with", () => {
    const made = (of: string) => el("domain", {}, el("uuid", {}, uuidOf("domain", of)));
    assert.ok(isOwn(made(identity), identity));
    assert.ok(!isOwn(made(`${identity}-2`), identity));
    assert.match(uuidOf("domain", identity), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("is adopted also when an adoption was cut off", () => {
    const claimant = { urn: owner, identity, adopt: true };
    assert.equal(claimRoot(withMark(parse(plain), { ...mark, adopted: true }), "it", claimant), "adopted");
    assert.equal(claimRoot(marked, "it", claimant), "own");
  });
});
