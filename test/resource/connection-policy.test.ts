import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import * as providers from "../../provider/index";
import type { Properties } from "../../provider/resource/handler";
import { makeDebianIso } from "../iso/debian-iso";
import { scratchFolder } from "../iso/host";
import { Engine, type Providers, type Saved } from "../kills/engine";
import type { HandlerName, Program } from "../kills/programs";
import { site } from "../site";

const { connection } = site();

let saved: readonly Saved[] = [];
const engine = new Engine(providers as unknown as Providers, {
  read: () => saved,
  write: (resources) => (saved = resources),
});

const folder = scratchFolder();
const iso = path.join(folder, "debian.iso");
makeDebianIso(iso);
const sha256 = createHash("sha256").update(readFileSync(iso)).digest("hex");

const resources: Readonly<Record<HandlerName, Properties>> = {
  network: { mode: "isolated" },
  storagePool: { path: path.join(folder, "pool") },
  volume: { size: "1MiB" },
  installerIso: { directory: folder, source: { path: iso, sha256 }, system: { hostname: "spelt" } },
  machine: { memory: "64MiB", domainType: "qemu", running: false },
};
const programBy = (spelling: string): Program =>
  Object.entries(resources).map(([handler, inputs]) => ({
    handler: handler as HandlerName,
    name: `spelt-${handler}`,
    inputs: () => ({ name: "spelt", connection: spelling, ...inputs }),
  }));

describe("the spelling of a connection", () => {
  before(() => engine.up(programBy(connection)));
  after(() => engine.destroy());

  it("that is another one of the same libvirt is no difference of any resource", async () => {
    assert.equal(saved.length, 5);
    const spelling = connection.replace(/^qemu:/, "qemu+unix:");
    assert.notEqual(spelling, connection);
    assert.deepEqual(await engine.preview(programBy(spelling)), []);
    assert.deepEqual(
      await engine.up(programBy(spelling)),
      Object.keys(resources).map((handler) => `same spelt-${handler}`),
    );
    assert.deepEqual(await engine.preview(programBy(connection)), []);
  });

  const toAnother = (handler: HandlerName) => {
    const resource = saved.find((each) => each.handler === handler);
    assert.ok(resource);
    return { resource, inputs: { ...resource.inputs, connection: "qemu:///system?socket=/run/another" } };
  };

  for (const handler of ["network", "storagePool", "installerIso", "machine"] as const)
    it(`of another libvirt is a difference: ${handler}`, async () => {
      const { resource, inputs } = toAnother(handler);
      const diff = await providers[handler].diff?.(resource.id, resource.outputs, inputs);
      assert.equal(diff?.changes, true);
    });

  it("of another libvirt is refused by a volume", async () => {
    const { resource, inputs } = toAnother("volume");
    const checked = await providers.volume.check?.(resource.inputs, inputs);
    assert.match(checked?.failures?.[0]?.reason ?? "", /^connection: can't be changed/);
  });
});
