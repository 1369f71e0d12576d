import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { type Run, run } from "../../../provider/host/run";
import type { DomainState, Libvirt } from "../../../provider/libvirt/client";
import { openVirsh } from "../../../provider/libvirt/virsh";
import { virshAt } from "../../../provider/libvirt/virsh/call";
import { site } from "../../site";

const { connection, host } = site();

/** The arguments of every virsh that has been run. */
let calls: string[][] = [];
const counting: Run = (program, args, options) => {
  calls.push([...args]);
  return run(program, args, options);
};
const tools = { run: counting, files: host.files };

const count = 100;
const names = Array.from({ length: count }, (_, index) => `batch-${index}`);
const xmlOf = (name: string, title: string) =>
  `<domain type="qemu"><name>${name}</name><title>${title}</title><memory>65536</memory><os><type>hvm</type></os></domain>`;
const absent = "00000000-0000-4000-8000-000000000000";

describe("reads that come at the same moment", () => {
  const libvirt: Libvirt = openVirsh(connection, tools);
  let uuids: readonly string[] = [];

  before(async () => {
    for (const name of names) await libvirt.define("domain", xmlOf(name, name));
    const entries = await libvirt.list("domain");
    uuids = names.map((name) => entries.find((entry) => entry.name === name)?.uuid ?? "");
  });
  after(async () => {
    for (const uuid of uuids) await libvirt.undefine("domain", uuid);
  });
  beforeEach(() => {
    calls = [];
  });

  it("share one process, and each gets its own answer", async () => {
    const definitions = await Promise.all(uuids.map((uuid) => libvirt.definition("domain", uuid)));
    assert.equal(calls.length, 1);
    for (const [index, definition] of definitions.entries()) {
      assert.match(definition ?? "", new RegExp(`^<domain [^]*<name>${names[index]}</name>[^]*</domain>\\s*$`));
    }
  });

  it("are asked once when they ask the same", async () => {
    const lists = await Promise.all([libvirt.list("domain"), libvirt.list("domain"), libvirt.list("network")]);
    assert.equal(calls.length, 1);
    assert.equal(calls[0]?.at(-1)?.split("'list' '--uuid' '--name' '--all'").length, 2);
    assert.deepEqual(lists[0], lists[1]);
    assert.ok(lists[0].length >= count);
  });

  it("wait for the process under way, and share the next", async () => {
    const others: Promise<DomainState | undefined>[] = [];
    const first = libvirt.isActive("domain", absent);
    for (const uuid of uuids.slice(0, 10)) {
      await new Promise(setImmediate);
      others.push(libvirt.domainState(uuid));
    }
    await first;
    const states = await Promise.all(others);
    assert.equal(calls.length, 2);
    assert.ok(states.every((state) => state?.state === "shut off"));
  });

  it("leave a failure to the one that failed, in its own words", async () => {
    const virsh = virshAt(connection, tools);
    const [first, , missing, last] = await Promise.allSettled([
      virsh.read(["domname", uuids[0] ?? ""]),
      virsh.read(["domname", "batch-nobody"]),
      virsh.read(["vol-list", "batch-no-pool"]),
      virsh.read(["domname", uuids[1] ?? ""]),
    ]);
    assert.equal(first.status === "fulfilled" && first.value.trim(), names[0]);
    assert.equal(last.status === "fulfilled" && last.value.trim(), names[1]);
    assert.ok(missing.status === "rejected");
    assert.match(String(missing.reason), /the host has no storage pool "batch-no-pool"/);
    assert.equal(calls.length, 3, "one process for all, and one for each that failed");
  });

  it("find that something is absent while others are there", async () => {
    const [there, gone] = await Promise.all([
      libvirt.definition("domain", uuids[0] ?? ""),
      libvirt.definition("domain", absent),
    ]);
    assert.equal(typeof there, "string");
    assert.equal(gone, undefined);
  });

  it("are told one by one where virsh refuses the whole script", async () => {
    const virsh = virshAt(connection, tools);
    const [good, bad] = await Promise.allSettled([virsh.read(["domname", uuids[0] ?? ""]), virsh.read(["no-command"])]);
    assert.equal(good.status === "fulfilled" && good.value.trim(), names[0]);
    assert.match(String(bad.status === "rejected" && bad.reason), /unknown command: 'no-command'/);
  });

  it("see what was written before they were asked for", async () => {
    const uuid = uuids[0] ?? "";
    const definition = (await libvirt.definition("domain", uuid)) ?? "";
    for (const title of ["one", "two"]) {
      // Under way while the title changes.
      const others = Promise.all(uuids.map((other) => libvirt.liveDefinition("domain", other)));
      await libvirt.define("domain", definition.replace(/<title>.*<\/title>/, `<title>${title}</title>`));
      assert.match((await libvirt.definition("domain", uuid)) ?? "", new RegExp(`<title>${title}</title>`));
      await others;
    }
  });

  it("get their own answers even when a text looks like the end of one", async () => {
    const uuid = uuids[0] ?? "";
    const definition = (await libvirt.definition("domain", uuid)) ?? "";
    await libvirt.define("domain", definition.replace(/<title>.*<\/title>/, "<title>@@kvm-deploy@@</title>"));
    const [one, two] = await Promise.all([libvirt.definition("domain", uuid), libvirt.domainState(uuids[1] ?? "")]);
    assert.match(one ?? "", /<title>@@kvm-deploy@@<\/title>[^]*<\/domain>/);
    assert.equal(two?.state, "shut off");
  });
});

describe("what is read", () => {
  const { read, readAll } = virshAt(connection, tools);

  it("reaches virsh as it is, whatever signs are in it", async () => {
    for (const text of [
      "two words",
      "it's",
      "''",
      `a"b`,
      "a;b; list",
      "back\\slash\\'",
      "$HOME `id` #x",
      "new\nline",
      "ü",
    ])
      assert.equal(await read(["echo", text]), text);
  });

  it("is divided into as many processes as the length of an argument asks for", async () => {
    calls = [];
    const texts = Array.from({ length: 40 }, (_, index) => String(index).padStart(10_000, "."));
    assert.deepEqual(await Promise.all(texts.map((text) => read(["echo", text]))), texts);
    assert.equal(calls.length, 5);
    const long = "x".repeat(120_000);
    assert.deepEqual(await Promise.all([read(["echo", long]), read(["echo", "short"])]), [long, "short"]);
  });

  it("together comes one right after another, also alone", async () => {
    assert.deepEqual(await readAll(["echo", "1"], ["echo", "2"], ["echo", "1"]), ["1", "2", "1"]);
    await assert.rejects(readAll(["echo", "1"], ["vol-list", "batch-no-pool"]), { code: "not-found" });
  });
});
