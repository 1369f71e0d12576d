import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { withOverlayText } from "../../../provider/resources/machine/derive";
import { machineInputs } from "../../../provider/resources/machine/schema";

const folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-overlay-"));
after(() => {
  rmSync(folder, { recursive: true });
});

function fileWith(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

const textOf = (xml: object) => withOverlayText(machineInputs.parse({ name: "m", memory: "1GiB", xml })).xml?.text;

const template = fileWith("overlay.hbs", "<domain><title>{{title}}</title></domain>");

describe("an overlay's text", () => {
  it("is the one given", () => {
    assert.equal(textOf({ overlay: "<domain><a/></domain>" }), "<domain><a/></domain>");
  });

  it("is made of a template and data, with values that can't start an element", () => {
    assert.equal(
      textOf({ template, data: { title: "a <b> & 'c'" } }),
      "<domain><title>a &#60;b&#62; &#38; &#39;c&#39;</title></domain>",
    );
  });

  it("is made with a table's variables", () => {
    const table = fileWith("overlay.yaml", "title: machines.web.title\n");
    assert.equal(
      textOf({ template, table, data: { machines: { web: { title: "Web" } } } }),
      "<domain><title>Web</title></domain>",
    );
  });

  for (const [what, xml, message] of [
    [
      "that is no XML",
      { overlay: "<domain>" },
      /^xml\.overlay: this is not XML: .*\. Write elements of libvirt's XML in a <domain>$/,
    ],
    ["of another element", { overlay: "<disk/>" }, /^xml\.overlay: has another root element\. Write elements/],
    [
      "of a file that isn't there",
      { template: "/none.hbs" },
      /^xml\.template: the file \/none\.hbs does not exist\. Give the path of an existing one/,
    ],
    ["with a name", { overlay: "<domain><name>other</name></domain>" }, /^xml\.overlay: has a <name>, .* own `name`$/],
    [
      "with a UUID",
      { template: fileWith("uuid.hbs", "<domain><uuid>1</uuid></domain>") },
      /^xml\.template: has a <uuid>/,
    ],
    [
      "with kvm-deploy's mark",
      { overlay: '<domain><metadata><kvm-deploy:mark xmlns:kvm-deploy="urn:x" owner="me"/></metadata></domain>' },
      /^xml\.overlay: has metadata of kvm-deploy, .*\. Remove it/,
    ],
    [
      "with kvm-deploy's mark under another prefix",
      { overlay: '<domain xmlns:k="urn:kvm-deploy:mark:1"><metadata><k:mark owner="me"/></metadata></domain>' },
      /^xml\.overlay: has metadata of kvm-deploy/,
    ],
    ["with an unknown variable", { template }, /overlay\.hbs:1:16: unknown variable "title"/],
  ] as const) {
    it(`${what} is an error`, () => {
      assert.throws(() => textOf(xml), { message });
    });
  }
});
