import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Identity, merged } from "../../provider/format/merge";
import { parse, render } from "../../provider/format/xml";

const identity: Identity = {
  keyOf: ({ attributes }) => attributes["id"],
  kindOf: ({ attributes }) => attributes["kind"],
};

const flat = (xml: string) => render(parse(xml));

describe("a merge", () => {
  for (const [what, present, before, after, expected] of [
    ["sets attributes, in their place", `<a x="1" y="2"/>`, `<a x="1"/>`, `<a x="3"/>`, `<a x="3" y="2"/>`],
    ["takes out what was set and is no more", `<a x="1" y="2"/>`, `<a x="1"/>`, `<a/>`, `<a y="2"/>`],
    ["sets a text", `<a>1</a>`, `<a>1</a>`, `<a>2</a>`, `<a>2</a>`],
    ["takes out a text", `<a>1<b/></a>`, `<a>1</a>`, `<a/>`, `<a><b/></a>`],
    ["leaves a text of others", `<a>1</a>`, `<a/>`, `<a x="1"/>`, `<a x="1">1</a>`],
    ["adds an element", `<a><b/></a>`, `<a/>`, `<a><c/></a>`, `<a><b/><c/></a>`],
    ["takes out an element, with what others added to it", `<a><b><c/></b></a>`, `<a><b/></a>`, `<a/>`, `<a/>`],
    [
      "goes into elements",
      `<a><b y="2"><c/></b></a>`,
      `<a><b/></a>`,
      `<a><b x="1"/></a>`,
      `<a><b y="2" x="1"><c/></b></a>`,
    ],
    [
      "knows elements by their keys, wherever they stand",
      `<a><b id="1" y="1"/><b id="2" y="2"/><b id="3"/></a>`,
      `<a><b id="2"/><b id="1"/></a>`,
      `<a><b id="2" x="1"/></a>`,
      `<a><b id="2" y="2" x="1"/><b id="3"/></a>`,
    ],
    [
      "knows elements without a key by their places",
      `<a><b>1</b><b>2</b></a>`,
      `<a><b>1</b></a>`,
      `<a><b>3</b></a>`,
      `<a><b>3</b><b>2</b></a>`,
    ],
    [
      "puts an element of another kind in the place",
      `<a><b kind="x" y="1"/><c/></a>`,
      `<a><b kind="x"/></a>`,
      `<a><b kind="z"/></a>`,
      `<a><b kind="z"/><c/></a>`,
    ],
    [
      "keeps a kind that others chose",
      `<a><b kind="x"/></a>`,
      `<a><b/></a>`,
      `<a><b y="1"/></a>`,
      `<a><b kind="x" y="1"/></a>`,
    ],
    [
      "takes back a kind of its own",
      `<a><b kind="x" z="1"/></a>`,
      `<a><b kind="x"/></a>`,
      `<a><b y="1"/></a>`,
      `<a><b y="1"/></a>`,
    ],
  ] as const) {
    it(what, () => {
      assert.equal(render(merged(parse(present), parse(before), parse(after), identity)), flat(expected));
    });
  }

  const framed: Identity = { ...identity, isFrame: ({ name }) => name === "b" };
  for (const [what, actual, previous, desired, expected] of [
    ["goes when nothing is left in it", `<a><b x="1"><c/></b></a>`, `<a><b x="1"><c/></b></a>`, `<a/>`, `<a/>`],
    [
      "stays while others have something in it",
      `<a><b x="1"><c/><d/></b></a>`,
      `<a><b x="1"><c/></b></a>`,
      `<a/>`,
      `<a><b><d/></b></a>`,
    ],
    ["of others stays", `<a><b/></a>`, `<a/>`, `<a/>`, `<a><b/></a>`],
  ] as const) {
    it(`that knows frames: one that is no longer desired ${what}`, () => {
      assert.equal(render(merged(parse(actual), parse(previous), parse(desired), framed)), flat(expected));
    });
  }

  const inOrder: Identity = { ...identity, inOrder: true };
  for (const [what, desired, expected] of [
    ["puts what is there in it", `<a><b id="3"/><b id="1"/></a>`, `<a><b id="3"/><o/><b id="2"/><b id="1"/></a>`],
    [
      "puts what is new in it",
      `<a><b id="1"/><b id="4"/><b id="3"/></a>`,
      `<a><b id="1"/><o/><b id="2"/><b id="4"/><b id="3"/></a>`,
    ],
    [
      "leaves other names where they are",
      `<a><c/><b id="1"/><b id="3"/></a>`,
      `<a><b id="1"/><o/><b id="2"/><b id="3"/><c/></a>`,
    ],
  ] as const) {
    it(`in the order of what is desired ${what}`, () => {
      const actual = parse(`<a><b id="1"/><o/><b id="2"/><b id="3"/></a>`);
      assert.equal(render(merged(actual, parse("<a/>"), parse(desired), inOrder)), flat(expected));
    });
  }

  it("takes nothing out where it isn't told what was before", () => {
    assert.equal(
      render(merged(parse("<a><b/></a>"), undefined, parse("<a><c/></a>"), identity)),
      flat("<a><b/><c/></a>"),
    );
  });
});
