import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { run } from "../debian-media/run";
import { findGo } from "../setup/go.mjs";

const root = path.resolve(__dirname, "../..");
const module = path.join(__dirname, "nfpm");

/** The program that writes packages for dpkg and for rpm; built from Go modules, whose checksums are in go.sum. */
export async function findNfpm(version: string): Promise<string> {
  const directory = path.join(root, `.cache/nfpm-${version}`);
  const program = path.join(directory, "nfpm");
  if (existsSync(program)) return program;
  const go = await findGo({ root, isRoot: process.getuid?.() === 0, yes: false });
  const draft = `${directory}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  const flags = ["-trimpath", "-ldflags", "-s -w", "-o", `${draft}/`];
  await run(go.file, ["build", ...flags, "github.com/goreleaser/nfpm/v2/cmd/nfpm"], { cwd: module, env: go.env });
  await rm(directory, { recursive: true, force: true });
  await rename(draft, directory);
  return program;
}

/** The version in a go.mod. */
export function versionIn(goMod: string): string {
  const [, version] = /goreleaser\/nfpm\/v2 v(\S+)/.exec(goMod) ?? [];
  if (version === undefined) throw new Error("tools/packages/nfpm/go.mod does not name nfpm");
  return version;
}
