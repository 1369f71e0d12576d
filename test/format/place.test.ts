import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  at,
  each,
  filled,
  inside,
  number,
  object,
  onOff,
  orElse,
  type Place,
  presence,
  read,
  readEach,
  sizeAt,
  sizeIn,
  withDefault,
  withoutDefaults,
  write,
  yesNo,
} from "../../provider/format/place";
import { el, parse, render } from "../../provider/format/xml";

const place = <Value>(given: Place<Value>, value: Value, xml: string) => [given, value, xml] as const;

const list = filled<{ on: boolean; items: string[] }>("b", {
  on: orElse(at("@on", yesNo), true),
  items: each("c", at("")),
});

describe("a value in its place", () => {
  for (const [given, value, xml] of [
    place(at("@b"), "x", `<a b="x"/>`),
    place(at("b/c/@d"), "x", `<a><b><c d="x"/></b></a>`),
    place(at("b/c"), "x", `<a><b><c>x</c></b></a>`),
    place(at("@b", number), 7, `<a b="7"/>`),
    place(at("@b", onOff), false, `<a b="off"/>`),
    place(at("@b", sizeIn(1024)), "3MiB", `<a b="3072"/>`),
    place(sizeAt("b"), "3MiB", `<a><b unit="KiB">3072</b></a>`),
    place(presence("b"), true, `<a><b/></a>`),
    place(presence("b"), false, `<a/>`),
    place(orElse(at("@b"), "up"), "down", `<a b="down"/>`),
    place(orElse(at("@b"), "up"), "up", `<a/>`),
    place(withDefault(at("@b"), "up"), "up", `<a b="up"/>`),
    place(
      each("b/d", object<{ c: string }>({ c: at("@c") })),
      [{ c: "x" }, { c: "y" }],
      `<a><b><d c="x"/><d c="y"/></b></a>`,
    ),
    place(inside<{ c: string; d?: string }>("b", { c: at("@c"), d: at("@d") }), { c: "x" }, `<a><b c="x"/></a>`),
    place(withDefault(at("@b", onOff), false), false, `<a b="off"/>`),
    place(object<{ c: string; d: string }>({ c: at("@c"), d: at("@d") }), { c: "x", d: "y" }, `<a c="x" d="y"/>`),
    place(each("b", at("@c", number)), [1, 2], `<a><b c="1"/><b c="2"/></a>`),
    place(each("b/c", at("")), ["x", "y"], `<a><b><c>x</c><c>y</c></b></a>`),
    place(each("b/c", at("")), [], `<a/>`),
    place(list, { on: true, items: ["x"] }, `<a><b><c>x</c></b></a>`),
    place(list, { on: false, items: [] }, `<a><b on="no"/></a>`),
  ] as readonly (readonly [Place<unknown>, unknown, string])[]) {
    it(`${JSON.stringify(value)} in ${xml} is written, and read back`, () => {
      assert.equal(render(given.write(el("a"), value)), render(parse(xml)));
      assert.deepEqual(given.read(parse(xml)), value);
    });
  }

  it("is undefined where nothing stands", () => {
    for (const given of [at("@b"), at("b"), at("b", number), sizeAt("b"), inside("b", { c: at("@c") }), list])
      assert.equal(given.read(el("a")), undefined);
  });

  it("of a list or a default needs no element", () => {
    assert.deepEqual(each("b/c", at("")).read(el("a")), []);
    assert.equal(withDefault(at("@b", onOff), false).read(el("a")), false);
  });

  it("that is as without the element is none, and makes none", () => {
    assert.equal(render(list.write(el("a"), { on: true, items: [] })), render(el("a")));
    assert.equal(list.read(parse(`<a><b others="x"/></a>`)), undefined);
  });

  it("is read with each key, also where nothing stands", () => {
    assert.deepEqual(readEach(parse(`<a c="x"/>`), { c: at<string>("@c"), d: at<string>("@d") }), {
      c: "x",
      d: undefined,
    });
  });

  it("goes with others into one element", () => {
    const places = { c: at<string>("b/@c"), d: at("b/@d", number) };
    const written = write<{ c: string; d?: number }>(el("a"), places, { c: "x" });
    assert.equal(render(written), render(parse(`<a><b c="x"/></a>`)));
    assert.deepEqual(read(written, places), { c: "x" });
  });

  it("a size is read in whatever unit it stands", () => {
    assert.equal(sizeAt("b").read(parse(`<a><b unit="GiB">2</b></a>`)), "2GiB");
    assert.equal(sizeAt("b").read(parse(`<a><b>2048</b></a>`)), "2MiB");
  });
});

describe("values that the inputs don't set", () => {
  it("is no difference where it is as expected", () => {
    assert.deepEqual(withoutDefaults({ a: 1, b: 2, c: 3 }, { a: 1 }, { a: 1, b: 2, c: 4 }), { a: 1, c: 3 });
  });
});
