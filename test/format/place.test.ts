import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  at,
  inside,
  number,
  onOff,
  orElse,
  type Place,
  presence,
  read,
  sizeAt,
  sizeIn,
  withoutUnasked,
  write,
} from "../../provider/format/place";
import { el, parse, render } from "../../provider/format/xml";

const place = <Value>(given: Place<Value>, value: Value, xml: string) => [given, value, xml] as const;

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
    place(inside<{ c: string; d?: string }>("b", { c: at("@c"), d: at("@d") }), { c: "x" }, `<a><b c="x"/></a>`),
  ] as readonly (readonly [Place<unknown>, unknown, string])[]) {
    it(`${JSON.stringify(value)} in ${xml} is written, and read back`, () => {
      assert.equal(render(given.write(el("a"), value)), render(parse(xml)));
      assert.deepEqual(given.read(parse(xml)), value);
    });
  }

  it("is undefined where nothing stands", () => {
    for (const given of [at("@b"), at("b"), at("b", number), sizeAt("b"), inside("b", { c: at("@c") })])
      assert.equal(given.read(el("a")), undefined);
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
    assert.deepEqual(withoutUnasked({ a: 1, b: 2, c: 3 }, { a: 1 }, { a: 1, b: 2, c: 4 }), { a: 1, c: 3 });
  });
});
