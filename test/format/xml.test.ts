import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "../properties";
import {
  attributeOf,
  childrenOf,
  el,
  type Element,
  find,
  mapChildren,
  parse,
  render,
  textOf,
  withAttributes,
  withChild,
  yesNo,
} from "../../provider/format/xml";

const domain = parse(`<?xml version="1.0"?>
<!-- a comment -->
<domain type='kvm' xmlns:q='urn:q'>
  <name>a &amp; b</name>
  <devices><disk n="1"/><nic/><disk n="2"/></devices>
  <q:own on='yes'>text</q:own>
</domain>`);

describe("making elements", () => {
  it("leaves out what is undefined, and writes numbers as text", () => {
    assert.deepEqual(el("a", { b: 1, c: undefined }, undefined, el("d")), {
      name: "a",
      attributes: { b: "1" },
      children: [{ name: "d", attributes: {}, children: [] }],
    });
  });

  it("escapes what has a meaning in XML", () => {
    const hostile = `"><evil a='1'/>&amp;<!--`;
    const text = render(el("a", { b: hostile }, el("c", {}, hostile)));
    assert.deepEqual(parse(text), el("a", { b: hostile }, el("c", {}, hostile)));
    assert.doesNotMatch(text, /<evil/);
  });

  it("yes and no are libvirt's words for it", () => assert.deepEqual([yesNo(true), yesNo(false)], ["yes", "no"]));
});

describe("reading", () => {
  it("finds the first element at a path, its text and its attributes", () => {
    assert.equal(textOf(domain, "name"), "a & b");
    assert.equal(attributeOf(domain, "devices/disk", "n"), "1");
    assert.equal(textOf(domain, "q:own"), "text");
    assert.equal(domain.attributes["type"], "kvm");
  });

  it("gives undefined for what is absent", () => {
    assert.equal(find(domain, "devices/none/deeper"), undefined);
    assert.equal(textOf(undefined, "name"), undefined);
    assert.equal(attributeOf(domain, "name", "none"), undefined);
    assert.deepEqual(childrenOf(undefined), []);
  });

  it("gives children of one name or all, in their order", () => {
    const devices = find(domain, "devices");
    assert.deepEqual(
      childrenOf(devices).map(({ name }) => name),
      ["disk", "nic", "disk"],
    );
    assert.equal(childrenOf(devices, "disk").length, 2);
  });

  for (const text of ["", "no XML", "<a>", "<a></b>", "<!-- only -->"]) {
    it(`refuses ${JSON.stringify(text)}`, () =>
      assert.throws(() => parse(text), { name: "KvmError", code: "invalid-input" }));
  }
});

describe("editing", () => {
  const list = el("l", {}, el("a"), el("b"), el("a"), el("c"));
  const names = (element: Element) => childrenOf(element).map(({ name, attributes }) => name + (attributes["n"] ?? ""));

  it("a child takes the place of the first one of its name", () => {
    assert.deepEqual(names(withChild(list, "a", el("a", { n: 1 }))), ["a1", "b", "c"]);
    assert.deepEqual(names(withChild(list, "b", el("b", { n: 1 }))), ["a", "b1", "a", "c"]);
  });

  it("a new child comes last, and undefined takes it out", () => {
    assert.deepEqual(names(withChild(list, "d", el("d"))), ["a", "b", "a", "c", "d"]);
    assert.deepEqual(names(withChild(list, "a", undefined)), ["b", "c"]);
  });

  it("attributes are added and replaced, and undefined takes one out", () => {
    assert.deepEqual(withAttributes(el("a", { b: 1, c: 2 }), { b: 3, c: undefined, d: 4 }).attributes, {
      b: "3",
      d: "4",
    });
  });

  it("mapping leaves text as it is", () => {
    const mapped = mapChildren(el("l", {}, "text", el("a"), el("b")), (child) =>
      child.name === "a" ? undefined : child,
    );
    assert.deepEqual(mapped, el("l", {}, "text", el("b")));
  });
});

describe("parse ∘ render", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
  // White space at the ends of a text has no meaning for libvirt, and is trimmed.
  const text = fc.string({ minLength: 1, unit: "grapheme-ascii" }).filter((it) => it.trim() === it && it !== "");
  const { element } = fc.letrec<{ element: Element }>((tie) => ({
    element: fc.record({
      name,
      attributes: fc.dictionary(name, fc.string({ unit: "grapheme-ascii" }), { maxKeys: 3 }),
      children: fc.oneof(
        { depthSize: "small" },
        fc.constant([]),
        text.map((one) => [one]),
        fc.array(tie("element"), { maxLength: 3 }),
      ),
    }),
  }));

  it("is the identity", () => {
    fc.assert(
      fc.property(element, (root) => {
        assert.deepEqual(parse(render(root)), normal(root));
      }),
    );
  });

  /** Dictionaries without a prototype are equal to those with one. */
  function normal(root: Element): Element {
    return el(
      root.name,
      root.attributes,
      ...root.children.map((child) => (typeof child === "string" ? child : normal(child))),
    );
  }
});
