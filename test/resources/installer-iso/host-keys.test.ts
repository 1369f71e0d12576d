import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { hostKeysIn, publicHostKeys } from "../../../provider/install/shared/host-keys";
import type { Properties } from "../../../provider/resource/handler";
import { installerIso } from "../../../provider/resources/installer-iso/handler";
import { testContext } from "../../context";
import { makeKeyPair } from "../../install/shared/keys";
import { makeDebianIso } from "../../iso/debian-iso";
import { scratchFolder, scratchHost } from "../../iso/host";

const connection = "qemu:///session";
const directory = scratchFolder();
const host = scratchHost(path.join(directory, "host"));
const context = { ...testContext(connection, "urn:pulumi:dev::lab::kvm::iso"), host: () => host };
const sourcePath = path.join(directory, "debian.iso");
makeDebianIso(sourcePath);
const source = { path: sourcePath, sha256: createHash("sha256").update(readFileSync(sourcePath)).digest("hex") };
const given = makeKeyPair("-t", "ed25519");

async function checked(system: Properties, olds: Properties = {}, others: Properties = {}): Promise<Properties> {
  const news = { name: "web", source, madeHostKeys: "", digestKey: "", system, ...others };
  const { failures, inputs } = await installerIso.check(olds, news, context);
  assert.deepEqual(failures, []);
  return inputs;
}

function publicKeysOf({ madeHostKeys }: Properties): string[] {
  return publicHostKeys(hostKeysIn(String(madeHostKeys)));
}

describe("host keys that the program doesn't give", () => {
  it("are made, one of each kind, and are those of the ISO", async () => {
    const inputs = await checked({ hostname: "web" });
    const keys = publicKeysOf(inputs);
    assert.deepEqual(
      keys.map((key) => key.split(" ")[0]),
      ["ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256"],
    );
    const { outputs } = await installerIso.create(inputs, context);
    assert.deepEqual(outputs["hostKeys"], keys);
  });

  it("are the same at the next preview, and when the answers change", async () => {
    const first = await checked({ hostname: "web" });
    assert.deepEqual(await checked({ hostname: "web" }, first), first);
    const changed = await checked({ hostname: "db" }, first);
    assert.notEqual(changed["digest"], first["digest"]);
    assert.equal(changed["madeHostKeys"], first["madeHostKeys"]);
  });

  it("are others for another ISO", async () => {
    const [one, other] = [await checked({}), await checked({})];
    assert.notDeepEqual(publicKeysOf(one), publicKeysOf(other));
  });

  it("don't rewrite an ISO of a release that made none, and come with its next change", async () => {
    const earlier = await checked({ hostname: "web", hostKeys: false });
    const before = { ...earlier, system: { ...(earlier["system"] as Properties), hostKeys: {} } };
    const same = await checked({ hostname: "web" }, before);
    assert.deepEqual([same["digest"], same["madeHostKeys"]], [earlier["digest"], undefined]);
    const changed = await checked({ hostname: "db" }, before);
    assert.equal(publicKeysOf(changed).length, 3);
  });

  for (const [what, hostKeys, expected] of [
    ["are left to the machine by false", false, []],
    [
      "are not made beside one that is given",
      { ed25519: given.privateKey },
      [given.publicKey.split(" ").slice(0, 2).join(" ")],
    ],
  ] as const) {
    it(what, async () => {
      const inputs = await checked({ hostname: "web", hostKeys });
      assert.equal(inputs["madeHostKeys"], undefined);
      const made = await checked({ hostname: "web", hostKeys }, await checked({ hostname: "web" }));
      assert.equal(made["madeHostKeys"], undefined);
      const { outputs } = await installerIso.create({ ...inputs, name: "other" }, context);
      assert.deepEqual(outputs["hostKeys"], expected);
    });
  }
});
