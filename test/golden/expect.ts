import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Compares a text with the file of that name in this folder; with UPDATE=1 in the environment the file is written anew. */
export function expectGolden(name: string, text: string): void {
  const file = path.join(__dirname, name);
  if (process.env["UPDATE"] === "1") {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  assert.ok(existsSync(file), `${file} is missing; run the test with UPDATE=1 and look at what it writes`);
  assert.equal(text, readFileSync(file, "utf8"));
}
