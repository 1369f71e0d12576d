import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "../properties";
import { parse } from "../../provider/format/xml";
import { escapeXmlLine } from "../../provider/format/xml-text";

/** Texts that like to break out of an element. */
const line = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("<", ">", "</a>", "&", "&amp;", "]]>", '"', "'", "{{", "<!--"),
    ),
  )
  .map((parts) =>
    parts
      .join("")
      .replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029\ufffe\uffff]/gu, "")
      .trim(),
  );

describe("a value in XML", () => {
  it("is the same text again when it is read, as an element's and as an attribute's", () => {
    fc.assert(
      fc.property(line, (value) => {
        const text = escapeXmlLine(value);
        const { children, attributes } = parse(`<a b="${text}">${text}</a>`);
        assert.deepEqual(children, value === "" ? [] : [value]);
        assert.equal(attributes["b"], value);
      }),
    );
  });

  for (const sign of ["\n", "\r", "\0", "\x1b", "\u2028", "\ud800", "\uffff"]) {
    it(`with ${JSON.stringify(sign)} is refused, and not repeated`, () => {
      assert.throws(
        () => escapeXmlLine(`web${sign}x`),
        (error: Error) => /control character/.test(error.message) && !error.message.includes("web"),
      );
    });
  }
});
