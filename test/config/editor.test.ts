import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { LanguageService } from "yaml-language-server";
import { documents } from "../docs/documents";
import { root } from "../site";

/** What docs/configuration.md says to write into an editor's settings. */
function customTags(): string[] {
  const { blocks } = documents.find(({ file }) => file === "docs/configuration.md") ?? { blocks: [] };
  const settings = blocks.find(({ text }) => text.includes("yaml.customTags"))?.text ?? "{}";
  return (JSON.parse(settings) as { readonly "yaml.customTags": string[] })["yaml.customTags"];
}

async function service(): Promise<LanguageService> {
  const { getLanguageService } = await import("yaml-language-server");
  const made = getLanguageService({
    schemaRequestService: (uri) => Promise.resolve(readFileSync(fileURLToPath(uri), "utf8")),
    workspaceContext: { resolveRelativePath: (relative, base) => new URL(relative, base).href },
  });
  made.configure({ validate: true, hover: true, completion: true, customTags: customTags() });
  return made;
}

/** The server keeps what it has found in a version of a document. */
let version = 0;

function documentOf(text: string): TextDocument {
  const uri = pathToFileURL(path.join(root, "examples/lab/lab.yaml")).href;
  const first = "# yaml-language-server: $schema=../../provider/config/configuration.schema.json\n";
  version += 1;
  return TextDocument.create(uri, "yaml", version, first + text);
}

const lab = `defaults: { keys: !include ssh/admins.yaml, system: { packages: !append [vim] } }
networks:
  lab: !include { file: net/lab.yaml, with: { subnet: 172.16.1.0/24 } }
machines:
  web: { install: debian:13, disk: 8GiB, network: lab, address: 172.16.1.10, vcpus: !env WEB_CPUS }
  worker-\${n}:
    for: { n: 1..20 }
    install: { source: debian:13, debian: {} }
    disks: { root: 8GiB, data: { size: 1TiB, cache: none } }
    nics: [{ network: lab, address: "172.16.1.\${n+100}" }]
    memory: \${n}GiB
    graphics: { type: vnc, password: !secret password }
`;

describe("an editor with the YAML language server", () => {
  const names = readdirSync(path.join(root, "examples")).filter((name) => name !== "debian-minimal");
  for (const name of names) {
    it(`finds nothing wrong in the example ${name}, by the schema in its first line`, async () => {
      const file = path.join(root, "examples", name, `${name}.yaml`);
      const text = readFileSync(file, "utf8");
      assert.match(text, /^# yaml-language-server: \$schema=\S+configuration\.schema\.json\n/);
      const document = TextDocument.create(pathToFileURL(file).href, "yaml", 1, text);
      assert.deepEqual(await (await service()).doValidation(document, false), []);
    });
  }

  it("finds nothing wrong in tags, parameters and short forms", async () => {
    const found = await (await service()).doValidation(documentOf(lab), false);
    assert.deepEqual(
      found.map(({ message }) => message),
      [],
    );
  });

  it("marks a wrong key, a wrong number and a wrong choice", async () => {
    const wrong = "machines:\n  web:\n    memry: 1GiB\n    vcpus: many\n    firmware: efi\n";
    const found = await (await service()).doValidation(documentOf(wrong), false);
    assert.deepEqual(found.map(({ range }) => range.start.line).sort(), [3, 4, 5]);
  });

  it("describes a key, and completes keys", async () => {
    const document = documentOf("machines:\n  web:\n    install: debian:13\n    ");
    const made = await service();
    const hover = await made.doHover(document, { line: 3, character: 6 });
    assert.match(JSON.stringify(hover?.contents), /a release by name/);
    const { items } = await made.doComplete(document, { line: 4, character: 4 }, false);
    const labels = items.map(({ label }) => label);
    for (const label of ["disk", "network", "address", "keys", "system", "memory", "for"])
      assert.ok(labels.includes(label), `${label} is not among ${labels.join(", ")}`);
  });
});
