import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lineOfElement, withContent, withoutElement } from "../../provider/format/xml-edit";

const text = `<?xml version="1.0"?>
<!DOCTYPE a [ <!ENTITY x "<b>"> ]>
<!-- <a><b/></a> -->
<a t="x > y">
  <c><![CDATA[<b/>]]></c>
  <b k='1'/>
  <b><d>1</d></b>
</a>
`;

describe("an edit of XML", () => {
  it("finds elements, and neither comments, CDATA nor a DOCTYPE", () => {
    assert.equal(lineOfElement(text, "a/b"), 6);
    assert.equal(lineOfElement(text, "a/b/d"), 7);
    assert.equal(lineOfElement(text, "a/c/b"), undefined);
  });

  it("adds content to an element, also of one tag, and changes nothing else", () => {
    assert.equal(withContent(text, "a/b", "<e/>"), text.replace("<b k='1'/>", "<b k='1'><e/></b>"));
    assert.equal(withContent(text, "a/b/d", "0"), text.replace("<d>1", "<d>01"));
    assert.equal(withContent(text, "a/x", "0"), text);
  });

  it("removes an element with its content", () => {
    assert.equal(withoutElement(text, "a/c"), text.replace("<c><![CDATA[<b/>]]></c>", ""));
    assert.equal(withoutElement(text, "a/x"), text);
  });
});
