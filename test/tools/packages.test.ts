import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { parse } from "yaml";
import { datedChangelog } from "../../tools/packages/changelog";
import { formats } from "../../tools/packages/description";
import { bundledIn, noticesOf, packagesIn } from "../../tools/packages/notices";
import { versionIn } from "../../tools/packages/nfpm";
import { recipeOf } from "../../tools/packages/recipe";
import { isUnused } from "../../tools/packages/stage";
import { isVersion } from "../../tools/packages/version";

describe("the texts of licences", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-notices-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  function install(place: string, manifest: object, files: Readonly<Record<string, string>> = {}): void {
    const directory = path.join(folder, place);
    mkdirSync(directory, { recursive: true });
    for (const [name, text] of Object.entries({ "package.json": JSON.stringify(manifest), ...files }))
      writeFileSync(path.join(directory, name), text);
  }

  it("are those of all packages, also of scoped and nested ones, each once", () => {
    install("one", { name: "one", version: "1.0.0", license: "MIT" }, { "LICENSE.md": "by One", NOTICE: "thanks" });
    install("@scope/two", { name: "@scope/two", version: "2.0.0", license: { type: "ISC" } }, { LICENCE: "by Two" });
    for (const place of ["one", "@scope/two"]) {
      const three = { name: "three", version: "3.0.0", license: "MIT" };
      install(`${place}/node_modules/three`, three, { "license-MIT": "by Three" });
    }
    // A part of a package, which has no name of its own.
    install("one/esm", { type: "module" });
    const notices = noticesOf(bundledIn(packagesIn(folder)));
    assert.match(notices, /^@scope\/two 2\.0\.0 {2}ISC\none 1\.0\.0 {2}MIT\nthree 3\.0\.0 {2}MIT$/m);
    for (const text of ["by One", "thanks", "by Two", "by Three"])
      assert.equal(notices.split(`\n\n${text}\n`).length, 2, text);
  });

  it("must not be missing", () => {
    install("four", { name: "four", version: "4.0.0" });
    assert.throws(() => bundledIn([path.join(folder, "four")]), /these packages have no licence: four/);
  });
});

describe("the packages of operating systems", () => {
  for (const [file, expected] of [
    ["zod/index.d.cts", true],
    ["zod/index.js.map", true],
    ["@pulumi/pulumi/index.d.ts", true],
    ["@pulumi/pulumi/vendor/typescript@3.8.3/lib.d.ts", false],
    ["zod/index.cjs", false],
    ["zod/package.json", false],
  ] as const)
    it(`${expected ? "leave out" : "contain"} ${file}`, () => assert.equal(isUnused(file), expected));

  const sources = {
    ...{
      library: "/w/library",
      documents: "/w/documents",
      license: "/w/LICENSE",
      notices: "/w/notices",
      command: "/w/command",
      man: "/w/man",
    },
    ...{ configurationReadme: "/w/README", bash: "/w/bash", zsh: "/w/zsh", fish: "/w/fish" },
  };
  for (const format of formats)
    it(`keep the user's configuration (${format})`, () => {
      const { contents } = parse(recipeOf(format, "1.2.3", sources)) as { contents: Record<string, unknown>[] };
      const inEtc = contents.filter(({ dst }) => String(dst).startsWith("/etc/"));
      assert.deepEqual(
        inEtc.map(({ type }) => type),
        ["dir", "config|noreplace"],
      );
      assert.equal((inEtc[0]?.["file_info"] as { mode: number }).mode, 0o750);
    });

  it("are written by the nfpm that go.mod names", () => {
    assert.equal(versionIn("require github.com/goreleaser/nfpm/v2 v2.45.2 // indirect"), "2.45.2");
    assert.throws(() => versionIn("module x"), /does not name nfpm/);
  });
});

describe("a release", () => {
  it("dates what was unreleased", () => {
    const text = "# Changelog\n\n## Unreleased\n\n- New.\n\n## 1.0.0 (2026-01-01)\n";
    const dated = "# Changelog\n\n## 1.1.0 (2026-02-03)\n\n- New.\n\n## 1.0.0 (2026-01-01)\n";
    assert.equal(datedChangelog(text, "1.1.0", "2026-02-03"), dated);
    assert.throws(() => datedChangelog(dated, "1.2.0", "2026-03-04"), /no section `## Unreleased`/);
  });

  for (const version of ["1.0.0", "0.10.2", "2.0.0-rc.1"]) it(`may be ${version}`, () => assert.ok(isVersion(version)));
  for (const version of ["", "1.0", "v1.0.0", "01.0.0", "1.0.0-RC1", "1.0.0+b", "1.0.0; rm", "--help", "patch"])
    it(`may not be ${JSON.stringify(version)}`, () => assert.equal(isVersion(version), false));
});
