import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../site";
import { optionsOf } from "./options";
import { newSeed } from "./random";

/** The property tests with seeds of their own: [--rounds N] [--seed NUMBER], which is the first round's. */
export async function properties(args: readonly string[]): Promise<boolean> {
  const { rounds = "10", seed } = optionsOf(args, ["rounds", "seed"]);
  const files = globSync("test/**/*.test.ts", { cwd: root }).filter(isOfProperties);
  console.log(`${files.length} files with property tests`);
  let bad = 0;
  for (let round = 1; round <= Number(rounds); round += 1) {
    const own = round === 1 && seed !== undefined ? seed : String(newSeed());
    const isFine = await runWith(own, files);
    console.log(`round ${round}, seed ${own}: ${isFine ? "fine" : "BAD"}`);
    bad += isFine ? 0 : 1;
  }
  return bad === 0;
}

function isOfProperties(file: string): boolean {
  return /from "(fast-check|.*\/properties)"/.test(readFileSync(path.join(root, file), "utf8"));
}

async function runWith(seed: string, files: readonly string[]): Promise<boolean> {
  const env = { ...process.env, KVM_DEPLOY_TEST_SEED: seed };
  const args = ["--import", "tsx", "--test", "--test-reporter=dot", ...files];
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  return code === 0;
}
