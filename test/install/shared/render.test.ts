import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderAnswers } from "../../../provider/install/shared/render";
import { systemOptions } from "../../../provider/install/shared/system";

const system = systemOptions.parse({ hostname: "web" });

function rendered(template: string, table: string | undefined, name = "own.hbs"): string {
  const pair = {
    template: { path: name, text: template, isOwn: true },
    table: { path: "own.yaml", text: table ?? "zone: system.timezone\n", isOwn: table !== undefined },
  };
  const request = { system, own: { suite: "trixie" }, data: { site: "lab" }, pair, mark: "" };
  return renderAnswers("debian", request, { more: "derived" }, (value) => value).text;
}

describe("the answers", () => {
  it("reach shared options, the family's, derived values and data", () => {
    assert.equal(
      rendered("{{h}} {{s}} {{d}} {{site}}", "h: system.hostname\ns: debian.suite\nd: derived.more\n"),
      "web trixie derived lab",
    );
  });

  it("may be a file as it is, whatever stands in it", () => {
    assert.equal(rendered("{{h}} {{{x}}}\n", undefined, "preseed.cfg"), "{{h}} {{{x}}}\n");
  });

  it("need not use every line of the shipped table", () => assert.equal(rendered("x", undefined), "x"));

  it("are refused when a line of an own table is used nowhere", () => {
    assert.throws(
      () => rendered("{{h}}", "h: system.hostname\nzone: system.timezone\n"),
      /^KvmError: table: own\.yaml:2: "zone" is used nowhere in own\.hbs\. Take the line away, or correct the name in either/,
    );
  });

  it("are refused when an own table goes with a file that is no template", () => {
    assert.throws(
      () => rendered("x", "h: system.hostname\n", "preseed.cfg"),
      /^KvmError: table: is of no use to preseed\.cfg/,
    );
  });
});
