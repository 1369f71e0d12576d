import assert from "node:assert/strict";
import { describe, it } from "node:test";
import Handlebars from "handlebars";
import { type Block, documentOf, documents, type Fault, textOfFault } from "./documents";
import { faultsOfShell } from "./shell";
import { faultsOfTypeScript } from "./typescript";
import { faultsOfYaml } from "./yaml";

/** What checks the blocks of a language; all blocks of a document are given to that of YAML, which includes them. */
const checks: Readonly<Record<string, (block: Block) => Fault[]>> = {
  sh: faultsOfShell,
  console: () => [],
  json: (block) => thrownBy(block, JSON.parse),
  handlebars: (block) => thrownBy(block, (text) => Handlebars.parse(text)),
  text: () => [],
  ts: () => [],
  yaml: () => [],
};

function thrownBy(block: Block, read: (text: string) => unknown): Fault[] {
  try {
    read(block.text);
    return [];
  } catch (error) {
    return [{ block, message: String(error) }];
  }
}

function unknownLanguage(block: Block): Fault[] {
  const languages = Object.keys(checks).join(", ");
  return [{ block, message: `there is no check for the language "${block.language}"; there is one for ${languages}` }];
}

function faultsIn(blocks: readonly Block[]): string[] {
  const each = blocks.flatMap((block) => (checks[block.language] ?? unknownLanguage)(block));
  return [...each, ...faultsOfYaml(blocks)].map(textOfFault);
}

describe("the blocks of", () => {
  for (const { file, blocks } of documents)
    if (blocks.length > 0) it(file, () => assert.deepEqual(faultsIn(blocks), []));

  it("all documents have right types", () => {
    const blocks = documents.flatMap((document) => document.blocks).filter(({ language }) => language === "ts");
    assert.ok(blocks.length > 0);
    assert.deepEqual(faultsOfTypeScript(blocks).map(textOfFault), []);
  });
});

describe("the check finds", () => {
  const faultsOf = (...lines: string[]) => faultsIn(documentOf("a.md", lines.join("\n")).blocks).join("\n");

  it("a wrong property and an unknown name in TypeScript, at its line", () => {
    const text = ["# A", "```ts", "const lab = 1;", 'new kvm.Network("lab", { mdoe: "nat" });', "lba;", "```"].join(
      "\n",
    );
    const found = faultsOfTypeScript(documentOf("a.md", text).blocks).map(textOfFault);
    assert.match(found[0] ?? "", /^a\.md:4: .*'mdoe' does not exist/);
    assert.match(found[1] ?? "", /^a\.md:5: .*'lba'/);
  });

  it("a wrong key of a configuration", () => {
    assert.match(faultsOf("```yaml", "machines: { web: { memry: 1GiB } }", "```"), /a\.md:2: .*memry/s);
  });

  it("a file that is included and shown nowhere, but none that is shown", () => {
    const block = ["```yaml", "networks: { lab: !include lab.yaml }", "```"];
    assert.match(faultsOf(...block), /"lab\.yaml" was not found/);
    assert.equal(faultsOf(...block, "```yaml lab.yaml", "mode: isolated", "```"), "");
    assert.match(faultsOf(...block, "```yaml lab.yaml", "mdoe: nat", "```"), /mdoe/);
  });

  it("broken YAML that is no configuration", () => {
    assert.equal(faultsOf("```yaml other", "runtime: { name: nodejs }", "```"), "");
    assert.match(faultsOf("```yaml other", "runtime: {", "```"), /a\.md/);
  });

  for (const [command, expected] of [
    ["kvm-deploy upp web db", /kvm-deploy upp: unexpected argument "web"/],
    ["kvm-deploy up --frce", /--frce/],
    ["FOO=1 npx kvm-deploy completion ksh", /SHELL can't be "ksh"/],
    ["npm run sites", /no script sites/],
    ["npm test -- test/none.test.ts", /test\/none\.test\.ts does not exist/],
    ["pulumi stack exprt", /pulumi stack exprt is not/],
    ["apt-get | frobnicate", /frobnicate is no program/],
    ["kvm-deploy preview \\\n  --jsn", /--jsn/],
  ] as const)
    it(`the mistake in \`${command.replace("\n", " ")}\``, () => {
      assert.match(faultsOf("```sh", "cd lab # there", command, "```"), new RegExp(`^a\\.md:3: .*${expected.source}`));
    });

  it("broken JSON and templates, and a block without a language", () => {
    assert.match(faultsOf("```json", "{ a: 1 }", "```"), /a\.md:2: SyntaxError/);
    assert.match(faultsOf("```handlebars", "{{#if a}}", "```"), /a\.md:2: Error: Parse error/);
    assert.match(faultsOf("```", "a", "```"), /a\.md:2: there is no check for the language ""/);
  });
});
