import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Host } from "../../../provider/resource/host";
import { volume } from "../../../provider/resources/volume/handler";
import { relistPool } from "../../../provider/resources/volume/relist";
import { connection, contextOf, host, made } from "./site";

/** The host, with a word at each look that begins. */
function watched(begins: () => Promise<void>): Host {
  const { libvirt } = host;
  const refreshPool = async (pool: string) => {
    await begins();
    await libvirt.refreshPool(pool);
  };
  return { ...host, libvirt: { ...libvirt, refreshPool } };
}

describe("a look at what lies in a pool", () => {
  it("is shared by all that request it before it starts, and by none later", async () => {
    let looks = 0;
    let [begun, goOn] = [(): void => undefined, (): void => undefined];
    const firstBegins = new Promise<void>((resolve) => (begun = resolve));
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    const site = watched(() => {
      looks += 1;
      begun();
      return gate;
    });
    const ask = () => relistPool(site, "default", contextOf("unit-look"));
    const first = ask();
    await firstBegins;
    const later = [ask(), ask(), ask()];
    assert.equal(looks, 1);
    goOn();
    await Promise.all([first, ...later]);
    assert.equal(looks, 2);
    await ask();
    assert.equal(looks, 3);
  });

  it("that fails is requested again", async () => {
    const interrupted = { ...contextOf("unit-look"), signal: AbortSignal.abort() };
    let looks = 0;
    const site = watched(() => Promise.resolve(void (looks += 1)));
    await assert.rejects(relistPool(site, "default", interrupted), /was interrupted/);
    await relistPool(site, "default", contextOf("unit-look"));
    assert.equal(looks, 1);
  });
});

describe("twenty volumes of one pool that are deleted at once", () => {
  it("are proven unused by a few looks", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `unit-at-once-${index}`);
    const volumes = await Promise.all(names.map((name) => made({ connection, name, size: "1MiB" })));
    let looks = 0;
    const site = watched(() => Promise.resolve(void (looks += 1)));
    await Promise.all(
      volumes.map(({ id, outputs, context }) => volume.delete(id, outputs, { ...context, host: () => site })),
    );
    const left = await host.libvirt.volumes("default");
    assert.deepEqual(
      names.filter((name) => left.includes(name)),
      [],
    );
    assert.ok(looks >= 1 && looks <= 10, `it took ${looks}`);
  });
});
