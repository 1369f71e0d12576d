import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { serve } from "../../provider/engine/dynamic";
import { Identities } from "../../provider/engine/identities";
import { engineLog } from "../../provider/engine/log";
import { openHost } from "../../provider/engine/open-host";
import type { EngineRun } from "../../provider/engine/run";
import { defaultConnection, newIdentity } from "../../provider/host/environment";
import type { Kind } from "../../provider/libvirt/client";
import type { Properties } from "../../provider/resource/handler";
import { installerIso } from "../../provider/resources/installer-iso/handler";
import { machine } from "../../provider/resources/machine/handler";
import { network } from "../../provider/resources/network/handler";
import { storagePool } from "../../provider/resources/storage-pool/handler";
import { volume } from "../../provider/resources/volume/handler";
import { scratchFolder } from "../iso/host";
import { Engine, type Providers, type Saved } from "../kills/engine";
import type { HandlerName, Program } from "../kills/programs";
import { site } from "../site";

const { host } = site();
const { libvirt, ledger } = host;
const handlers = { network, storagePool, volume, installerIso, machine };

/** What the engine knows. A kill loses what it has not written. */
let saved: readonly Saved[] = [];

/** One run of the engine, which ends in peace or is gone. */
async function inRun<T>(work: (engine: Engine) => Promise<T>, isKilled = false): Promise<T> {
  const engineEnd = new AbortController();
  const sources = { host: openHost, defaultConnection, newIdentity, engineEnd: engineEnd.signal };
  const identities = new Identities(sources);
  const run: EngineRun = {
    ...{ identities, host: openHost, defaultConnection, signal: engineEnd.signal, log: engineLog(undefined) },
    call: (answer) => answer(),
  };
  const served = Object.entries(handlers).map(([name, handler]) => [name, serve(handler, run)] as const);
  const providers = Object.fromEntries(served) as unknown as Providers;
  const engine = new Engine(providers, { read: () => saved, write: (resources) => (saved = resources) });
  try {
    return await work(engine);
  } finally {
    if (isKilled) engineEnd.abort();
    else await identities.settleAll();
  }
}

const up = (program: Program) => inRun((engine) => engine.up(program));
const preview = (program: Program) => inRun((engine) => engine.preview(program));

/** Runs something of which no state will ever tell. */
async function cutOff(work: (engine: Engine) => Promise<unknown>): Promise<void> {
  const before = saved;
  await inRun(work, true);
  saved = before;
}

const folder = scratchFolder();

/** libvirt may give what was put back in another order. */
async function definedAs(kind: Kind, name: string): Promise<unknown> {
  const { uuid = "" } = (await libvirt.find(kind, name)) ?? {};
  const xml = await libvirt.definition(kind, uuid);
  return xml === undefined ? undefined : [xml.split("\n").sort(), await libvirt.hasAutostart(kind, uuid)];
}

interface Case {
  readonly handler: HandlerName;
  readonly old: Properties;
  /** What an update makes of it; volumes don't shrink. */
  readonly changed?: Properties;
  /** What is on the host, in whole; undefined when there is nothing. */
  readonly seen: () => Promise<unknown>;
}

const cases: readonly Case[] = [
  {
    handler: "network",
    old: { name: "dynamic", mode: "isolated", ipv4: { subnet: "10.250.91.0/24" } },
    changed: { domain: { name: "dynamic.example" }, autostart: false, allowRestart: true },
    seen: () => definedAs("network", "dynamic"),
  },
  {
    handler: "storagePool",
    old: { name: "dynamic", path: `${folder}/pool` },
    changed: { autostart: false },
    seen: () => definedAs("pool", "dynamic"),
  },
  {
    handler: "volume",
    old: { name: "dynamic", size: "1MiB" },
    seen: async () => (await libvirt.volume("default", "dynamic")) !== undefined || undefined,
  },
  {
    handler: "machine",
    old: { name: "dynamic", memory: "64MiB", domainType: "qemu", running: false },
    changed: { memory: "80MiB", title: "another", autostart: false },
    seen: () => definedAs("domain", "dynamic"),
  },
];

for (const { handler, old, changed, seen } of cases) {
  const program = (inputs: Properties): Program => [{ handler, name: "dynamic", inputs: () => inputs }];

  describe(`an interrupted change of a ${handler}`, () => {
    beforeEach(async () => {
      await up(program(old));
      assert.deepEqual(await preview(program(old)), []);
    });
    afterEach(async () => {
      await up([]);
      assert.equal(await seen(), undefined);
    });

    if (changed !== undefined)
      it("is a difference when the program is put back, too, and up brings it back", async () => {
        const before = await seen();
        await cutOff((engine) => engine.up(program({ ...old, ...changed })));
        assert.notDeepEqual(await seen(), before);
        assert.deepEqual(await preview(program(old)), ["update dynamic"]);
        assert.deepEqual(await up(program(old)), ["update dynamic"]);
        assert.deepEqual(await seen(), before);
        assert.deepEqual(await preview(program(old)), []);
      });

    it("that has deleted it creates it again when the program is reverted", async () => {
      await cutOff((engine) => engine.destroy());
      assert.equal(await seen(), undefined);
      assert.deepEqual(await preview(program(old)), ["replace dynamic"]);
      assert.deepEqual(await up(program(old)), ["replace dynamic"]);
      assert.notEqual(await seen(), undefined);
      assert.deepEqual(await preview(program(old)), []);
    });

    it("that was to delete it and never came to it leaves it as it is", async () => {
      const before = await seen();
      const [resource] = saved;
      await ledger.open({ owner: resource?.urn ?? "", identity: String(resource?.outputs["__identity"]) });
      assert.deepEqual(await preview(program(old)), ["update dynamic"]);
      assert.deepEqual(await up(program(old)), ["update dynamic"]);
      assert.deepEqual(await seen(), before);
      assert.deepEqual(await preview(program(old)), []);
    });
  });
}
