import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import ownPackage from "../../package.json";
import { CommandFailed } from "../../provider/values/errors";
import { environmentIn } from "../pulumi/support";
import { root, site } from "../site";
import { fetchManagers, type Manager, managers, runIn } from "./managers";

const pulumi = ownPackage.peerDependencies["@pulumi/pulumi"];
const { typescript, "@types/node": nodeTypes } = ownPackage.devDependencies;
// Pulumi's loader of TypeScript does not work from yarn's archives.
const dependenciesMeta = { "@pulumi/pulumi": { unplugged: true } };

const compilerOptions = {
  target: "es2022",
  module: "nodenext",
  moduleResolution: "nodenext",
  types: ["node"],
  strict: true,
  skipLibCheck: false,
  noEmit: true,
};

const network = `new kvm.Network("lab", { mode: "nat", ipv4: { subnet: "10.250.240.0/24" } })`;
const program = `import * as kvm from "kvm-deploy";\nexport const { bridgeName } = ${network};\n`;

/** Whether ES modules and CommonJS share the classes, so that `instanceof` holds between them. */
const classes = `import * as kvm from "kvm-deploy";
import { createRequire } from "node:module";
const required = createRequire(import.meta.url)("kvm-deploy");
const names = Object.keys(required).filter((name) => kvm[name] === required[name]);
console.log(names.sort().join(" "));
`;

const project = "name: packaged\nruntime: nodejs\n";
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof CommandFailed) return error.failure.stdout + error.failure.stderr;
    throw error;
  }
  return "";
}

describe("the package that npm packs", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-package-"));
  let tarball = "";

  before(async () => {
    await fetchManagers();
    // Without its script, which makes dist/ anew: other tests use it.
    const { stdout } = await runIn(root, ["npm", "pack", "--ignore-scripts", "--silent", "--pack-destination", folder]);
    tarball = `file:${path.join(folder, stdout.trim())}`;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function preview({ within }: Manager, directory: string): Promise<string> {
    // The types are checked once, by their own test.
    const env = { ...environmentIn(directory, site()), PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
    await runIn(directory, [...within, "pulumi", "stack", "init", "test"], env);
    const { stdout } = await runIn(directory, [...within, "pulumi", "preview", "--color", "never"], env);
    return stdout;
  }

  /** A directory with nothing but a TypeScript program. */
  async function alone(manager: Manager): Promise<string> {
    const directory = path.join(folder, `alone ${manager.name}`);
    write(directory, {
      ...manager.files,
      "package.json": json({
        private: true,
        dependencies: { "kvm-deploy": tarball, "@pulumi/pulumi": pulumi, typescript, "@types/node": nodeTypes },
        dependenciesMeta,
      }),
      "tsconfig.json": json({ compilerOptions, files: ["index.ts", "module.mts"] }),
      "Pulumi.yaml": project,
      "index.ts": program,
      "module.mts": program,
      "classes.mjs": classes,
    });
    await runIn(directory, manager.install);
    return directory;
  }

  /** A program that uses kvm-deploy by a package of components. */
  async function monorepo(manager: Manager, name: string, ofProgram: object): Promise<string> {
    const directory = path.join(folder, name);
    write(directory, {
      ...manager.files,
      "package.json": json({
        name: "monorepo",
        private: true,
        workspaces: ["components", "program"],
        dependenciesMeta,
      }),
      "components/package.json": json({
        name: "components",
        version: "1.0.0",
        peerDependencies: { "kvm-deploy": "*", "@pulumi/pulumi": "*" },
        devDependencies: { "kvm-deploy": tarball, "@pulumi/pulumi": pulumi },
      }),
      "components/index.js": `const kvm = require("kvm-deploy");\nexports.lab = () => ${network};\n`,
      "program/package.json": json({
        name: "program",
        private: true,
        dependencies: { components: manager.workspace, "@pulumi/pulumi": pulumi, ...ofProgram },
      }),
      "program/Pulumi.yaml": project,
      "program/index.js": `exports.lab = require("components").lab();\n`,
    });
    await runIn(directory, manager.install);
    return path.join(directory, "program");
  }

  for (const manager of managers) {
    describe(`installed by ${manager.name}`, () => {
      let directory = "";
      before(async () => {
        directory = await alone(manager);
      });

      it("has its command", async () => {
        const { stdout } = await runIn(directory, [...manager.exec, "kvm-deploy", "--help"]);
        assert.match(stdout, /^usage: kvm-deploy COMMAND/);
      });

      it("gives ES modules and CommonJS the same classes", async () => {
        const { stdout } = await runIn(directory, [...manager.within, "node", "classes.mjs"]);
        assert.equal(stdout.trim(), "Deployment InstallerIso Machine Network Server StoragePool Volume loadConfig");
      });

      it("has complete types, which need no skipLibCheck", async () => {
        await runIn(directory, [...manager.exec, "tsc", "--project", "."]);
      });

      it("is found by Pulumi's provider process", async () => {
        assert.match(await preview(manager, directory), /kvm:Network lab create[^]*\+ 2 to create/);
      });

      if (manager.isLikeNpm) return;
      it("is found in a monorepo, where a package of components makes the resources", async () => {
        const inside = await monorepo(manager, `monorepo ${manager.name}`, {
          "kvm-deploy": tarball,
        });
        assert.match(await preview(manager, inside), /kvm:Network lab create[^]*\+ 2 to create/);
      });
    });
  }

  it("says what to do where the program's directory does not see it", async () => {
    const [, pnpm] = managers;
    assert.ok(pnpm);
    const inside = await monorepo(pnpm, "hidden", {});
    const text = await failureOf(preview(pnpm, inside));
    assert.match(
      text,
      /error: kvm-deploy is not among the dependencies of the program in \S+\/hidden\/program, .*package\.json/,
    );
    assert.doesNotMatch(text, /\n\s+at /);
  });
});
