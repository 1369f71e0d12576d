import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import path from "node:path";
import { it } from "node:test";
import { root } from "./site";

/** Such as `const { execa } = await import("execa")`, of packages and not of files. */
const lazyImport = /const \{ ([^}]*) \} = await import\("([^".][^"]*)"\)/g;

it("Node itself finds each name of a package that is loaded at its first use", async () => {
  const found: { readonly file: string; readonly name: string; readonly names: readonly string[] }[] = [];
  for await (const file of glob("{provider,sdk}/**/*.ts", { cwd: root })) {
    const text = readFileSync(path.join(root, file), "utf8");
    for (const [, names = "", name = ""] of text.matchAll(lazyImport))
      found.push({ file, name, names: names.split(",").map((each) => each.replace(/:.*/, "").trim()) });
  }
  assert.ok(found.some(({ name }) => name === "execa"));
  // The loader of the tests gives CommonJS modules names that Node doesn't find.
  for (const { file, name, names } of found) {
    const program = `import(${JSON.stringify(name)}).then((module) => console.log(JSON.stringify(Object.keys(module))))`;
    const has = JSON.parse(
      execFileSync(process.execPath, ["-e", program], { cwd: root, encoding: "utf8" }),
    ) as string[];
    for (const one of names) assert.ok(has.includes(one), `${file}: ${name} has no ${one}`);
  }
});
