import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { before, describe, it } from "node:test";
import { z } from "zod";
import * as handlers from "../provider/index";
import { families } from "../provider/install/index";
import * as classes from "../sdk/index";
import { type Field, type ObjectModel, objectsOf } from "../tools/generate/model";
import { loadResources, type Resource } from "../tools/generate/resources";
import { root } from "./site";

const always = ["schema.ts", "policy.ts", "rules.ts", "plan.ts", "handler.ts"];
const shape = [...always, "observe.ts", "claim.ts", "run.ts"];
const shapeOfLibvirt = [...shape, "places.ts"];

/** The folders of provider/resources, and the files that each must have. */
const filesOf: Readonly<Record<string, readonly string[]>> = {
  network: shapeOfLibvirt,
  "storage-pool": shapeOfLibvirt,
  volume: shapeOfLibvirt,
  machine: [...shape, "definition/xml.ts", "definition/read.ts"],
  // Made by xorriso, not by libvirt: no XML.
  "installer-iso": shape,
};

const familyFiles = ["index.ts", "schema.ts", "detect.ts", "media.ts", "stages.ts", "hand-over.ts", "limits.ts"];

/** The keys that set nothing of libvirt or the installer, and why. */
const setNothing: Readonly<Record<string, string>> = {
  "Machine.deleteAdopted": "says what kvm-deploy may do",
  "Network.deleteAdopted": "says what kvm-deploy may do",
  "StoragePool.deleteAdopted": "says what kvm-deploy may do",
  "StoragePool.shared": "says whether other stacks may have it, too",
  "Volume.deleteAdopted": "says what kvm-deploy may do",
  "Network.allowRestart": "lets an update restart it",
  "Network.running": "starts and stops it",
  "Machine.wait": "says when `pulumi up` is content",
  "Machine.maxInstallations": "limits the start of installers, also of other programs",
  "Machine.installTimeout": "limits a wait of kvm-deploy's own",
  "Machine.stallTimeout": "limits a wait of kvm-deploy's own",
  "Machine.overwrite": "allows an installation to erase what is on the disk",
  "Machine.reinstall": "requests an installation",
  "Machine.sshTimeout": "limits a wait of kvm-deploy's own",
  "Machine.shutdownTimeout": "limits a wait of kvm-deploy's own",
  "Machine.running": "starts and stops it",
  "StoragePool.running": "starts and stops it",
  "Machine.allowRestart": "says what kvm-deploy may do",
  "Machine.forceOff": "says what kvm-deploy may do",
};

const speaksOfSecret =
  /secret|passw|passphrase|credential|token|a login|private key|key of registration|registration code|\bscripts?\b/i;

/** The keys that speak of secrets and hold none, and why. */
const noSecrets: Readonly<Record<string, string>> = {
  "InstallerIso.keep": "says why an ISO is deleted",
  "InstallerIsoSystemUser.sudo": "says whether a password is asked for",
  "StoragePoolIscsiAuth.secret": "names a secret of libvirt's",
  "StoragePoolRbdAuth.secret": "names a secret of libvirt's",
};

function foldersOf(folder: string): string[] {
  const entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

describe("every resource keeps its contract", () => {
  let resources: readonly Resource[] = [];
  before(async () => {
    resources = await loadResources(root);
  });

  it("each directory has its files", () => {
    assert.deepEqual(foldersOf("provider/resources").sort(), Object.keys(filesOf).sort());
    for (const [folder, files] of Object.entries(filesOf)) {
      for (const file of files)
        assert.ok(existsSync(path.join(root, "provider/resources", folder, file)), `${folder}/${file}`);
    }
  });

  it("the provider exports a handler for each, and the SDK a class", () => {
    const camel = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
    assert.deepEqual(Object.keys(handlers).sort(), resources.map(({ name }) => camel(name)).sort());
    for (const { name } of resources) assert.ok(name in classes, name);
  });

  it("each key is described, and says what it sets", () => {
    const fields = fieldsOf(resources);
    assert.ok(fields.length > 70);
    const without = (what: "description" | "sets") =>
      fields.filter(({ field }) => (field[what] ?? "") === "").map(({ path: at }) => at);
    assert.deepEqual(without("description"), []);
    assert.deepEqual(without("sets").sort(), Object.keys(setNothing).sort());
    for (const { path: at, field } of fields) assert.match(field.description, /^([^a-z]|libvirt |crypt).*[.`)]$/, at);
  });

  it("each output is described", () => {
    for (const { name, outputs } of resources) {
      assert.ok(outputs.length > 0, name);
      for (const output of outputs) assert.match(output.description, /^[A-Z].*\.$/, `${name}.${output.name}`);
    }
  });

  it("each key that speaks of a secret is marked as one, or it is known why not", () => {
    const unmarked = fieldsOf(resources).filter(
      ({ isSecret, field }) => !isSecret && speaksOfSecret.test(`${field.name} ${field.description}`),
    );
    assert.deepEqual(unmarked.map(({ path: at }) => at).sort(), Object.keys(noSecrets).sort());
  });

  it("each object is strict, so that a typo is an error", () => {
    for (const { name, schema } of resources) {
      const objects = objectNodes(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
      assert.ok(objects.length > 0);
      for (const object of objects)
        assert.equal(object.additionalProperties, false, `${name}: ${JSON.stringify(object)}`);
    }
  });
});

/** Every key at any depth, by a path such as `NetworkDhcp.start`. */
function fieldsOf(resources: readonly Resource[]) {
  return resources.flatMap(({ model }) => fieldsIn(model, false));
}

/** @param isWithin whether the object lies in something secret */
function fieldsIn({ name, fields }: ObjectModel, isWithin: boolean): Keyed[] {
  return fields.flatMap((field) => {
    const isSecret = isWithin || field.isSecret;
    const own = { path: `${name}.${field.name}`, field, isSecret };
    return [own, ...objectsOf(field.type).flatMap((object) => fieldsIn(object, isSecret))];
  });
}

interface Keyed {
  readonly path: string;
  readonly field: Field;
  /** By itself or by what it lies in. */
  readonly isSecret: boolean;
}

interface Node {
  readonly properties?: unknown;
  readonly additionalProperties?: unknown;
}

function objectNodes(node: unknown): Node[] {
  if (typeof node !== "object" || node === null) return [];
  const own: Node[] = "properties" in node && "type" in node && node.type === "object" ? [node] : [];
  return [...own, ...Object.values(node).flatMap(objectNodes)];
}

describe("every installer family keeps its contract", () => {
  it("each directory is in the registry", () => {
    const folders = foldersOf("provider/install").filter((folder) => folder !== "shared");
    assert.deepEqual(folders.sort(), families.map(({ id }) => id).sort());
  });

  for (const family of families) {
    it(`${family.id} has the files of a family, and ships its answers`, () => {
      const files = readdirSync(path.join(root, "provider/install", family.id));
      const { template, table } = family.shipped;
      for (const file of [...familyFiles, template, table]) assert.ok(files.includes(file), file);
      assert.match(template, /^answers\.[a-z]+\.hbs$/);
      assert.equal(table, "answers.table.yaml");
    });
  }
});
