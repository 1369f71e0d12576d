import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { attributeOf, childrenOf, find, parse } from "../../../provider/format/xml";
import type { Properties } from "../../../provider/resource/handler";
import { machine } from "../../../provider/resources/machine/handler";
import { volume } from "../../../provider/resources/volume/handler";
import { testContext } from "../../context";
import { connection, contextOf, definitionOf, host, made, refusals } from "./site";

const { libvirt, files, run } = host;
const MiB = 2 ** 20;

/** What a guest may write to the begin of its raw disk: as qcow2, it would be based on a file of the host. */
async function writeAsGuest(disk: unknown): Promise<void> {
  await files.withTemporaryDirectory(async (folder) => {
    const image = `${folder}/header.qcow2`;
    await run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", "/etc/hostname", "-F", "raw", image, "1M"]);
    await files.writeAt(String(disk), 0, await files.readFrom(image, 0, 4096));
  });
  await run("virsh", ["-q", "-c", connection, "pool-refresh", "default"]);
}

describe("a raw volume whose guest has written another format's start to it", () => {
  const name = "unit-header";
  const cleanups: (() => Promise<unknown>)[] = [];
  after(async () => {
    for (const cleanup of cleanups.toReversed()) await cleanup();
  });
  let root: Awaited<ReturnType<typeof made>>;
  const machineContext = testContext(connection, "urn:pulumi:test::test::kvm::header-machine");
  const given = (more: Properties = {}): Properties => ({
    connection,
    name: "unit-header-machine",
    memory: "64MiB",
    domainType: "qemu",
    running: false,
    disks: [{ volume: `default/${name}` }],
    ...more,
  });
  const checked = async (olds: Properties, news: Properties) => {
    const { inputs, failures } = await machine.check(olds, news, machineContext);
    assert.deepEqual(failures, []);
    return JSON.parse(JSON.stringify(inputs)) as Properties;
  };
  const driver = async (uuid: string) => {
    const domain = parse((await libvirt.definition("domain", uuid)) ?? "");
    return attributeOf(childrenOf(find(domain, "devices"), "disk")[0], "driver", "type");
  };

  it("is taken by libvirt for what it looks like, or this proves nothing", async () => {
    root = await made({ name, format: "raw", size: "8MiB" });
    cleanups.push(root.remove);
    await writeAsGuest(root.outputs["path"]);
    assert.equal(attributeOf(await definitionOf(name), "target/format", "type"), "qcow2");
  });

  it("stays raw for a machine that has it, at every update, and for a new one", async () => {
    const { id, outputs } = await machine.create(await checked({}, given()), machineContext);
    const state = JSON.parse(JSON.stringify(outputs)) as Properties;
    cleanups.push(() => machine.delete(id, state, machineContext));
    assert.equal(await driver(id), "raw");
    await machine.update(id, state, await checked(state, given({ memory: "80MiB" })), machineContext);
    assert.equal(await driver(id), "raw");
  });

  it("is no drift of the volume", async () => {
    const read = await volume.read(root.id, root.outputs, root.context);
    assert.deepEqual(read?.inputs, root.inputs);
  });

  it("is neither cloned nor grown by libvirt, which would open what it names", async () => {
    const clone = { name: "unit-header-clone", format: "raw", source: { volume: root.id } };
    const refused =
      /libvirt takes volume "default\/unit-header" for qcow2 .*, but its format is raw\. Check what was written/;
    assert.match((await refusals(clone))[0] ?? "", refused);
    await assert.rejects(made(clone), refused);
    await assert.rejects(
      volume.update(root.id, root.outputs, { ...root.inputs, size: "16MiB" }, root.context),
      refused,
    );
    assert.equal((await files.stat(String(root.outputs["path"])))?.bytes, 8 * MiB);
  });

  it("can't be what another is based on as qcow2", async () => {
    const given = { name: "unit-header-over", size: "8MiB", backing: { volume: root.id, format: "qcow2" } };
    assert.match(
      (await refusals(given))[0] ?? "",
      /^backing\.format: volume "default\/unit-header" was created as raw, not qcow2/,
    );
  });
});

describe("a volume that others made", () => {
  const name = "unit-foreign";
  const xml = (format: string) =>
    `<volume><name>${name}</name><capacity>${MiB}</capacity><target><format type="${format}"/></target></volume>`;
  const check = async (disk: Properties) => {
    const context = testContext(connection, "urn:pulumi:test::test::kvm::foreign-machine");
    const inputs = { connection, name: "unit-foreign-machine", memory: "64MiB", domainType: "qemu", disks: [disk] };
    const { id, outputs } = await machine.create(
      (await machine.check({}, { ...inputs, running: false }, context)).inputs,
      context,
    );
    await machine.delete(id, outputs, context);
    return outputs["volumeFormats"];
  };

  it("has its format from the program, which is required where it looks like more than raw", async () => {
    await libvirt.createVolume("default", xml("qcow2"));
    try {
      const volume = `default/${name}`;
      await assert.rejects(
        check({ volume }),
        /disks\[0\]\.format: volume "default\/unit-foreign" looks like qcow2, but kvm-deploy did not create it\. Give its format/,
      );
      assert.deepEqual(await check({ volume, format: "qcow2" }), { [volume]: "qcow2" });
      assert.deepEqual(await check({ volume, format: "raw" }), { [volume]: "raw" });
      const clone = { name: "unit-foreign-clone", source: { volume } };
      assert.match(
        (await refusals(clone))[0] ?? "",
        /^source\.format: volume .* looks like qcow2, but kvm-deploy did not/,
      );
      const { remove } = await made({ ...clone, source: { volume, format: "qcow2" } });
      await remove();
    } finally {
      await libvirt.deleteVolume("default", name);
    }
  });

  it("can't be taken over in another format than a machine has it", async () => {
    await libvirt.createVolume("default", xml("qcow2"));
    const path = (await libvirt.volume("default", name))?.match(/<path>([^<]+)/)?.[1] ?? "";
    await libvirt.define(
      "domain",
      `<domain type="qemu"><name>${name}</name><memory>65536</memory><os><type>hvm</type></os><devices><disk type="file"><driver name="qemu" type="raw"/><source file="${path}"/><target dev="vda"/></disk></devices></domain>`,
    );
    const { uuid = "" } = (await libvirt.find("domain", name)) ?? {};
    try {
      assert.match(
        (await refusals({ name, size: "1MiB", adopt: true }, {}, "foreign"))[0] ?? "",
        /^format: volume "default\/unit-foreign" is a disk of machine "unit-foreign" as raw, not qcow2/,
      );
      assert.deepEqual(await refusals({ name, format: "raw", adopt: true }, {}, "foreign"), [
        'size: is missing: write it like "20GiB"',
      ]);
    } finally {
      await libvirt.undefine("domain", uuid);
      await libvirt.deleteVolume("default", name);
    }
  });
});

describe("a volume that is half made", () => {
  it("is no source, no base and no disk", async () => {
    const half = await made({ name: "unit-half", size: "1MiB" });
    const entry = await host.ledger.entry("volume", half.id);
    assert.ok(entry);
    await host.ledger.claim("volume", half.id, { ...entry, note: "making" });
    const message = /volume "default\/unit-half" is being created: its content isn't complete/;
    assert.match((await refusals({ name: "unit-of-half", source: { volume: half.id } }))[0] ?? "", message);
    assert.match(
      (await refusals({ name: "unit-of-half", size: "1MiB", backing: { volume: half.id } }))[0] ?? "",
      message,
    );
    const context = testContext(connection, "urn:pulumi:test::test::kvm::half-machine");
    const { inputs } = await machine.check(
      {},
      { connection, name: "unit-half", memory: "64MiB", domainType: "qemu", disks: [{ volume: half.id }] },
      context,
    );
    await assert.rejects(machine.create(inputs, context), message);
    await host.ledger.claim("volume", half.id, entry);
    await half.remove();
    assert.equal(await definitionOf("unit-half"), undefined);
    assert.ok(contextOf("unit-half").identity);
  });
});
