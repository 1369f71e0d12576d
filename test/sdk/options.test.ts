import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type * as pulumi from "@pulumi/pulumi";
import { InstallerIso, Machine, Network, StoragePool, Volume } from "../../sdk/resources.gen";

const makers: Readonly<Record<string, (opts: pulumi.CustomResourceOptions) => pulumi.Resource>> = {
  Network: (opts) => new Network("n", {}, opts),
  StoragePool: (opts) => new StoragePool("n", { path: "/p" }, opts),
  Volume: (opts) => new Volume("n", { size: "1GiB" }, opts),
  InstallerIso: (opts) => new InstallerIso("n", { source: "debian:13" }, opts),
  Machine: (opts) => new Machine("n", { memory: "1GiB" }, opts),
};

describe("what Pulumi offers and these resources can't have is refused by the program itself", () => {
  for (const [kind, make] of Object.entries(makers)) {
    const instead = kind === "InstallerIso" ? "an installer ISO is written again" : "write `adopt: true`";
    it(`${kind}: import and id, with the way to take over what exists`, () => {
      for (const option of ["import", "id"])
        assert.throws(
          () => make({ [option]: "x" }),
          new RegExp(`n: the option ${option} can't be used, .*Leave it out; ${instead}`),
        );
    });

    it(`${kind}: that the new one is made first`, () => {
      assert.throws(
        () => make({ deleteBeforeReplace: false }),
        /n: the option deleteBeforeReplace can't be false, .*protect/,
      );
    });
  }
});
