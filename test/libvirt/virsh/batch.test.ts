import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { type Run, run } from "../../../provider/host/run";
import type { OpenSession, Printed } from "../../../provider/host/session";
import type { DomainState, Libvirt } from "../../../provider/libvirt/client";
import { openVirsh } from "../../../provider/libvirt/virsh";
import { virshAt } from "../../../provider/libvirt/virsh/call";
import { site } from "../../site";

const { connection, host } = site();

/** What the virsh that stays has been asked. */
let questions: string[] = [];
/** Answers come when this is done. */
let held: Promise<void> = Promise.resolve();
const noting: OpenSession = (...how) => {
  const session = host.openSession(...how);
  return {
    ...session,
    ask: async (question, ...more) => {
      questions.push(question);
      const answer = await session.ask(question, ...more);
      await held;
      return answer;
    },
  };
};
/** The last argument of every other virsh. */
let calls: (string | undefined)[] = [];
const counting: Run = (program, args, options) => {
  calls.push(args.at(-1));
  return run(program, args, options);
};
const tools = { run: counting, openSession: noting, files: host.files };

beforeEach(() => {
  questions = [];
  calls = [];
});

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

  it("are one question, and each gets its own answer", async () => {
    const definitions = await Promise.all(uuids.map((uuid) => libvirt.definition("domain", uuid)));
    assert.equal(questions.length, 1);
    for (const [index, definition] of definitions.entries()) {
      assert.match(definition ?? "", new RegExp(`^<domain [^]*<name>${names[index] ?? ""}</name>[^]*</domain>\\s*$`));
    }
  });

  it("are asked once when they ask the same", async () => {
    const lists = await Promise.all([libvirt.list("domain"), libvirt.list("domain"), libvirt.list("network")]);
    assert.equal(questions.length, 1);
    assert.equal(questions[0]?.split("'list' '--uuid' '--name' '--all'").length, 2);
    assert.deepEqual(lists[0], lists[1]);
    assert.ok(lists[0].length >= count);
  });

  it("wait for the answer under way, and share the next question", async () => {
    const others: Promise<DomainState | undefined>[] = [];
    let release = () => {};
    held = new Promise((resolve) => {
      release = resolve;
    });
    const first = libvirt.isActive("domain", absent);
    for (const uuid of uuids.slice(0, 10)) {
      await new Promise(setImmediate);
      others.push(libvirt.domainState(uuid));
    }
    release();
    await first;
    const states = await Promise.all(others);
    assert.equal(questions.length, 2);
    assert.deepEqual(calls, []);
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
    assert.deepEqual(calls, ["batch-nobody", "batch-no-pool"]);
  });

  it("find that something is absent while others are there", async () => {
    const [there, gone] = await Promise.all([
      libvirt.definition("domain", uuids[0] ?? ""),
      libvirt.definition("domain", absent),
    ]);
    assert.equal(typeof there, "string");
    assert.equal(gone, undefined);
  });

  it("are answered together with one that virsh doesn't know", async () => {
    const virsh = virshAt(connection, tools);
    const [good, bad] = await Promise.allSettled([virsh.read(["domname", uuids[0] ?? ""]), virsh.read(["no-command"])]);
    assert.equal(good.status === "fulfilled" && good.value.trim(), names[0]);
    assert.match(String(bad.status === "rejected" && bad.reason), /unknown command: 'no-command'/);
    assert.deepEqual(calls, ["no-command"]);
  });

  it("see what was written before they were requested", async () => {
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

  it("get their own answers even when a text looks like the end of one, or of all", async () => {
    const uuid = uuids[0] ?? "";
    const definition = (await libvirt.definition("domain", uuid)) ?? "";
    for (const mark of ["next of all", "begin 1", "end 0", "end of all"].map((place) => `@@kvm-deploy ${place}@@`)) {
      await libvirt.define("domain", definition.replace(/<title>.*<\/title>/, `<title>${mark}</title>`));
      const [one, two] = await Promise.all([libvirt.definition("domain", uuid), libvirt.domainState(uuids[1] ?? "")]);
      assert.match(one ?? "", new RegExp(`<title>${mark}</title>[^]*</domain>`));
      assert.equal(two?.state, "shut off");
    }
  });
});

describe("what is read", () => {
  const { read, readAll } = virshAt(connection, tools);

  it("reaches virsh as it is, whatever characters are in it", async () => {
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

  it("goes alone when it is long, or has other characters than plain ones", async () => {
    const texts = ["short", "x".repeat(100_000), "tab\tand ü", "long".repeat(900)];
    assert.deepEqual(await Promise.all(texts.map((text) => read(["echo", text]))), texts);
    assert.deepEqual(calls, [texts[1], texts[2]]);
  });

  it("is read again from a virsh that has ended", async () => {
    const ending: OpenSession = (_program, _args, env) => host.openSession("sh", ["-c", "read -r line; exit 1"], env);
    const virsh = virshAt(connection, { ...tools, openSession: ending });
    for (const text of ["one", "two"]) assert.equal(await virsh.read(["echo", text]), text);
    assert.deepEqual(calls, ["one", "two"]);
  });

  it("is never what an earlier question has left in the output", async () => {
    let earlier: Printed | undefined;
    const lagging: OpenSession = (...how) => {
      const session = host.openSession(...how);
      return {
        ...session,
        ask: async (...question) => {
          const { stdout, stderr } = await session.ask(...question);
          const printed = { stdout: earlier?.stdout ?? stdout, stderr };
          earlier = printed;
          return printed;
        },
      };
    };
    const virsh = virshAt(connection, { ...tools, openSession: lagging });
    for (const texts of [
      ["a", "b"],
      ["c", "d"],
    ])
      assert.deepEqual(await Promise.all(texts.map((text) => virsh.read(["echo", text]))), texts);
    assert.deepEqual(calls, ["c", "d"]);
  });

  it("together comes one right after another, also alone", async () => {
    assert.deepEqual(await readAll(["echo", "1"], ["echo", "2"], ["echo", "1"]), ["1", "2", "1"]);
    await assert.rejects(readAll(["echo", "1"], ["vol-list", "batch-no-pool"]), { code: "not-found" });
  });
});
