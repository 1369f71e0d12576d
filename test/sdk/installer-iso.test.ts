import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import type { InstallerIsoArgs } from "../../sdk/args.gen";
import { InstallerIso } from "../../sdk/installer-iso";

const source = { path: "/a.iso", sha256: "0".repeat(64) };

/** What may hold secrets of each family's own options. */
const isos: Readonly<Record<string, Omit<InstallerIsoArgs, "source">>> = {
  debian: { debian: { lateCommands: ["hunter2"] } },
  ubuntu: { ubuntu: { storage: { passphrase: "hunter2" }, userData: { password: "hunter2" } } },
  redhat: { redhat: { partitioning: ["part / --passphrase=hunter2"] } },
  suse: { suse: { registration: { code: "hunter2" } } },
  agama: { agama: { registration: { code: "hunter2" }, storage: { password: "hunter2" } } },
};

describe("what only a family can be told", () => {
  const registered = new Map<string, object>();
  before(async () => {
    await pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => {
        registered.set(name, inputs as object);
        return { id: name, state: inputs as object };
      },
      call: () => ({}),
    });
    for (const [name, args] of Object.entries(isos)) new InstallerIso(name, { source, ...args });
    await pulumi.runtime.disconnect();
  });

  for (const name of Object.keys(isos)) {
    it(`is secret where it may hold secrets: ${name}`, () => {
      const text = JSON.stringify(registered.get(name));
      assert.match(text, /hunter2/);
      assert.equal(withoutSecrets(registered.get(name)).includes("hunter2"), false);
    });
  }
});

/** As JSON, without what the engine would be told as a secret. */
function withoutSecrets(inputs: unknown): string {
  return JSON.stringify(inputs, (_key, value: unknown) => {
    const isSecret = typeof value === "object" && value !== null && pulumi.runtime.specialSigKey in value;
    return isSecret ? undefined : value;
  });
}
