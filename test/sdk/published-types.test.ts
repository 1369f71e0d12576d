import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { root } from "../site";

const program = `
import * as kvm from "kvm-deploy";
const network = new kvm.Network("lab", { mode: "nat" });
const args: kvm.MachineArgs = { memory: "1GiB", nics: [{ network: network.name }] };
export const { uuid } = new kvm.Machine("web", args);
// @ts-expect-error types that aren't found would allow anything
network.nonesuch;
export const configuration = kvm.loadConfig("all.yaml");
export const { machines } = new kvm.Deployment("all", configuration);
export const size: kvm.Size = "1GiB";
`;

/** Stricter to its packages than most programs are. */
const compilerOptions = {
  target: "es2023",
  module: "nodenext",
  moduleResolution: "nodenext",
  strict: true,
  skipLibCheck: false,
  esModuleInterop: false,
  ignoreDeprecations: "6.0",
  types: ["node"],
  // Each type of an exported value must have a name that the program can write.
  declaration: true,
  emitDeclarationOnly: true,
  outDir: "out",
};

const isDeclaration = (file: string) => lstatSync(file).isDirectory() || file.endsWith(".d.ts");

/** Copied, for what is linked finds the project's own dependencies. */
function install(folder: string): void {
  const packages = path.join(folder, "node_modules");
  for (const name of ["kvm-deploy", "@types"]) mkdirSync(path.join(packages, name), { recursive: true });
  cpSync(path.join(root, "package.json"), path.join(packages, "kvm-deploy/package.json"));
  cpSync(path.join(root, "dist"), path.join(packages, "kvm-deploy/dist"), { recursive: true, filter: isDeclaration });
  for (const name of ["@pulumi", "@types/node"])
    symlinkSync(path.join(root, "node_modules", name), path.join(packages, name));
}

function compile(folder: string): string {
  const compiler = path.join(root, "node_modules/typescript/bin/tsc");
  try {
    return execFileSync(process.execPath, [compiler, "--project", folder], { encoding: "utf8" });
  } catch (error) {
    if (error instanceof Error && "stdout" in error) return String(error.stdout);
    throw error;
  }
}

describe("the published types", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-types-"));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("need nothing but Pulumi's and Node's, and no setting of the program's compiler", () => {
    install(folder);
    writeFileSync(path.join(folder, "package.json"), "{}");
    writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
    writeFileSync(path.join(folder, "index.ts"), program);
    assert.equal(compile(folder), "");
  });
});
