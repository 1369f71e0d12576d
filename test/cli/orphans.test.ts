import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { runCommand } from "../../provider/cli/run";
import { parse, render, textOf } from "../../provider/format/xml";
import { installationPath, renderInstallation } from "../../provider/install/installation";
import { discardIso } from "../../provider/iso/receipt";
import { readMark, withMark } from "../../provider/libvirt/mark";
import { removeAll } from "../../provider/orphans/remove";
import { thingsOn } from "../../provider/orphans/survey";
import { nameOf } from "../../provider/orphans/thing";
import type { Handler, Properties } from "../../provider/resource/handler";
import { machine } from "../../provider/resources/machine/handler";
import { macsOf } from "../../provider/resources/machine/definition/macs";
import { reserve } from "../../provider/resources/machine/guest/reservations";
import { network } from "../../provider/resources/network/handler";
import { storagePool } from "../../provider/resources/storage-pool/handler";
import { volume } from "../../provider/resources/volume/handler";
import { testContext } from "../context";
import { makeDebianIso } from "../iso/debian-iso";
import { site } from "../site";
import { testTerminal, testWorld } from "./terminal";

const { connection, host } = site();
const { libvirt, ledger, directories } = host;
const folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-orphans-"));
const name = "unit-orphan";
const handlers = { Network: network, StoragePool: storagePool, Volume: volume, Machine: machine };
type Kind = keyof typeof handlers;

const urnOf = (kind: string, stack: string) =>
  `urn:pulumi:${stack}::orphans::pulumi-nodejs:dynamic/kvm:${kind}::${name}`;
const contextOf = (kind: string, stack: string) => testContext(connection, urnOf(kind, stack));

interface Made {
  readonly id: string;
  readonly outputs: Properties;
}

async function make(kind: Kind, stack: string, given: Properties): Promise<Made> {
  const handler: Handler = handlers[kind];
  const context = contextOf(kind, stack);
  const { inputs, failures } = await handler.check({}, { connection, ...given }, context);
  assert.deepEqual(failures, []);
  return handler.create(inputs, context);
}

/** An exported state that has these. */
function stateOf(stack: string, ...kinds: string[]): string {
  const resources = kinds.map((kind) => {
    const properties = { __urn: urnOf(kind, stack), __identity: contextOf(kind, stack).identity };
    const type = `pulumi-nodejs:dynamic/kvm:${kind}`;
    return { urn: urnOf(kind, stack), type, inputs: properties, outputs: properties };
  });
  const root = {
    urn: `urn:pulumi:${stack}::orphans::pulumi:pulumi:Stack::orphans-${stack}`,
    type: "pulumi:pulumi:Stack",
  };
  return JSON.stringify({ version: 3, deployment: { resources: [root, ...resources] } });
}

interface Item {
  readonly item: string;
  readonly owner?: string;
  readonly what: string;
}

interface Ran {
  readonly code: number;
  readonly told: string;
  readonly printed: string;
  readonly asked: readonly string[];
}

async function command(args: readonly string[], terminal = testTerminal()): Promise<Ran> {
  const world = testWorld(terminal, { host: () => host, defaultConnection: () => connection });
  const code = await runCommand(["orphans", ...args], world);
  return { code, told: terminal.reported.join("\n"), printed: terminal.printed.join("\n"), asked: terminal.asked };
}

/** The groups of the list, without what other tests have on this host. */
async function listed(state: string, ...args: string[]) {
  const { printed } = await command(["--json", "--state", "-", ...args], testTerminal({ input: state }));
  const data = JSON.parse(printed) as Record<"orphans" | "others" | "unproven", Item[]>;
  const own = (items: readonly Item[]) => items.filter(({ item }) => item.includes(name));
  return { orphans: own(data.orphans), others: own(data.others), unproven: own(data.unproven) };
}

async function removed(state: string, item: string, ...args: string[]): Promise<Ran> {
  return command(["--state", "-", "--remove", item, "--yes", ...args], testTerminal({ input: state }));
}

const itemsOf = (items: readonly Item[]) => items.map(({ item }) => item).sort();

describe("orphans", () => {
  const pool = path.join(folder, "pool");
  const iso = path.join(directories.isos, `${name}.iso`);
  const all = [`machine:${name}`, `network:${name}`, `pool:${name}`, `volume:${name}/${name}`, `iso:${iso}`].sort();
  let domain: Made | undefined;

  before(async () => {
    const ipv4 = { subnet: "172.29.141.0/24", dhcp: { ranges: [{ start: "172.29.141.50", end: "172.29.141.60" }] } };
    await make("Network", "old", { name, mode: "isolated", ipv4 });
    await make("StoragePool", "old", { name, path: pool });
    await make("Volume", "old", { name, pool: name, size: "1MiB", format: "raw" });
    domain = await make("Machine", "old", {
      ...{ name, memory: "64MiB", domainType: "qemu", running: false },
      disks: [{ volume: `${name}/${name}` }],
      nics: [{ network: name, address: "172.29.141.9" }],
    });
    const { urn: owner, identity } = contextOf("InstallerIso", "old");
    mkdirSync(directories.isos, { recursive: true });
    const installation = {
      ...({ schemaVersion: 1, owner, identity, digest: "0".repeat(64), family: "debian" } as const),
    };
    makeDebianIso(iso, {
      files: {
        [installationPath]: renderInstallation({
          ...{ ...installation, release: "Debian 13", mark: "m", login: "root", hostKeys: [], keep: false },
        }),
      },
    });
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await host.files.removeEmptyDirectory(directories.isos);
  });

  it("are nothing that a state has, also under another stack's name", async () => {
    const state = stateOf("old", "Network", "StoragePool", "Volume", "Machine", "InstallerIso");
    const found = await listed(
      state.replaceAll("pulumi:old::", "pulumi:renamed::").replaceAll('"__urn"', '"__former"'),
    );
    assert.deepEqual(found, { orphans: [], others: [], unproven: [] });
  });

  it("are what their stack's state doesn't have", async () => {
    const found = await listed(stateOf("old", "Network"));
    assert.deepEqual(
      itemsOf(found.orphans),
      all.filter((item) => !item.startsWith("network:")),
    );
    assert.deepEqual([found.others, found.unproven], [[], []]);
    assert.equal(found.orphans.find(({ item }) => item.startsWith("volume:"))?.owner, urnOf("Volume", "old"));
  });

  it("are not reported of stacks that aren't given, and those things can't be removed", async () => {
    const found = await listed(stateOf("new"));
    assert.deepEqual([itemsOf(found.others), found.orphans], [all, []]);
    for (const item of all) {
      const { code, told } = await removed(stateOf("new"), item);
      assert.equal(code, 2);
      assert.match(
        told,
        /is not known to be an orphan: it belongs to urn:pulumi:old.*Give its stack by --stack or --state/s,
      );
    }
  });

  it("are unknown without a stack: all is listed with its owner", async () => {
    const { code, printed } = await command([]);
    assert.equal(code, 0);
    assert.match(printed, /no stack is given, so it is unknown what is still in use:\n/);
    assert.match(printed, new RegExp(`volume:${name}/${name}  a volume, of urn:pulumi:old.*, since \\d{4}-`));
  });

  it("are listed, and shown by the exit code", async () => {
    const { code, printed } = await command(["--state", "-"], testTerminal({ input: stateOf("old") }));
    assert.equal(code, 1);
    assert.match(
      printed,
      new RegExp(`^Orphans: none of the given stacks has them \\(orphans/old\\):\n[^]*network:${name}  a network`),
    );
  });

  it("are removed only after a yes, if there is a terminal", async () => {
    const args = ["--state", "-", "--remove", `network:${name}`];
    const input = stateOf("old");
    const asked = await command(args, testTerminal({ input, answer: false }));
    assert.deepEqual([asked.code, asked.asked.length], [2, 1]);
    assert.match(asked.told, /Nothing is removed\./);
    const alone = await command(args, testTerminal({ input }));
    assert.equal(alone.code, 2);
    assert.match(alone.told, /there is no terminal to ask for confirmation, so --yes is required/);
    assert.ok(await libvirt.find("network", name));
  });

  it("that are in use or hold something stay, with the reason", async () => {
    const { code, told } = await removed(stateOf("old"), `volume:${name}/${name}`);
    assert.equal(code, 2);
    assert.match(
      told,
      new RegExp(`volume:${name}/${name}: not removed: volume "${name}/${name}" is a disk of ${name}`),
    );
    assert.match((await removed(stateOf("old"), `pool:${name}`)).told, /not removed: .*still has volumes/);
    assert.deepEqual(itemsOf((await listed(stateOf("old"))).orphans), all);
  });

  it("that another has taken over since the list was made stay", async () => {
    const id = `${name}/${name}`;
    const thing = (await thingsOn(host)).find((one) => nameOf(one) === `volume:${id}`) ?? assert.fail();
    const entry = (await ledger.entry("volume", id)) ?? assert.fail();
    await ledger.claim("volume", id, { ...entry, owner: urnOf("Volume", "new"), identity: "another" });
    const contextFor = (owner: { urn: string; identity: string }) => ({ ...contextOf("Volume", "old"), ...owner });
    const [removal] = await removeAll([thing], host, contextFor, () => undefined);
    assert.equal(removal?.failure, "it is left unchanged");
    assert.notEqual(await libvirt.volume(name, name), undefined);
    await ledger.claim("volume", id, entry);
  });

  it("that are named wrongly are an error with the kinds", async () => {
    const { told } = await removed(stateOf("old"), name);
    assert.match(
      told,
      /there is no orphan unit-orphan on this host\. Write the kind before it, such as volume:unit-orphan/,
    );
    assert.match(
      (await removed(stateOf("old"), "volume:none/at-all")).told,
      /Name it as `kvm-deploy orphans` lists it/,
    );
  });

  it("are removed in whatever order they are named, with what was made for them, and nothing else", async () => {
    const theirs = await makeTwins();
    const order = ["pool", "network", "volume", "machine", "iso"];
    const items = all.toSorted((one, other) => order.indexOf(kindOf(one)) - order.indexOf(kindOf(other)));
    const args = items.flatMap((item) => ["--remove", item]);
    const { code, told } = await command(["--state", "-", "--yes", ...args], testTerminal({ input: stateOf("old") }));
    assert.equal(code, 0, told);
    for (const kind of ["domain", "network", "pool"] as const) assert.equal(await libvirt.find(kind, name), undefined);
    assert.equal(await libvirt.exists("domain", domain?.id ?? ""), false);
    assert.deepEqual([existsSync(pool), existsSync(iso)], [false, false]);
    assert.deepEqual(
      [await ledger.entry("pool", name), await ledger.entry("volume", `${name}/${name}`)],
      [undefined, undefined],
    );
    assert.deepEqual(await listed(stateOf("old")), { orphans: [], others: [], unproven: [] });
    await theirs.removeUnchanged();
  });
});

function kindOf(item: string): string {
  return item.slice(0, item.indexOf(":"));
}

/** What others have under names that are alike. */
async function makeTwins() {
  const twin = `${name}-2`;
  const xmls = {
    domain: `<domain type="qemu"><name>${twin}</name><memory>65536</memory><os><type>hvm</type></os></domain>`,
    network: `<network><name>${twin}</name><bridge name="kd-twin"/></network>`,
    pool: `<pool type="dir"><name>${twin}</name><target><path>${folder}/pool-2</path></target></pool>`,
  };
  const kinds = ["domain", "network", "pool"] as const;
  for (const kind of kinds) await libvirt.define(kind, xmls[kind]);
  await libvirt.createVolume("default", `<volume><name>${name}</name><capacity>4096</capacity></volume>`);
  const look = async () =>
    Promise.all([
      libvirt.volume("default", name),
      ...kinds.map(async (kind) => libvirt.definition(kind, (await libvirt.find(kind, twin))?.uuid ?? "")),
    ]);
  const before = await look();
  assert.ok(!before.includes(undefined));
  return {
    removeUnchanged: async () => {
      assert.deepEqual(await look(), before);
      for (const kind of kinds) await libvirt.undefine(kind, (await libvirt.find(kind, twin))?.uuid ?? "");
      await libvirt.deleteVolume("default", name);
    },
  };
}

describe("the address of a machine that no longer exists", () => {
  const context = contextOf("Machine", "old");
  const { urn, identity } = context;
  const [mac = ""] = macsOf({ nics: [{ network: `${name}-lab` }] }, identity);
  const item = `reservation:${name}-lab/${mac}`;

  before(async () => {
    const ip = `<ip address="172.29.142.1" prefix="24"><dhcp><range start="172.29.142.50" end="172.29.142.60"/></dhcp></ip>`;
    await libvirt.define("network", `<network><name>${name}-lab</name><bridge name="kd-orphan"/>${ip}</network>`);
    await ledger.start(urn, identity);
    const wanted = { network: `${name}-lab`, mac, address: "172.29.142.9", property: "nics[0].address" };
    // The machine is there first, and was undefined by hand since.
    const nic = `<interface type="network"><mac address="${mac}"/><source network="${name}-lab"/></interface>`;
    await libvirt.define(
      "domain",
      `<domain type="qemu"><name>${name}-gone</name><memory>65536</memory><os><type>hvm</type></os><devices>${nic}</devices></domain>`,
    );
    await reserve(host, [wanted], { urn, identity });
    await libvirt.undefine("domain", (await libvirt.find("domain", `${name}-gone`))?.uuid ?? "");
  });
  after(async () => {
    await ledger.settle(urn, identity);
    await libvirt.undefine("network", (await libvirt.find("network", `${name}-lab`))?.uuid ?? "");
  });

  it("is found", async () => {
    const [found, ...others] = (await listed(stateOf("old"))).orphans;
    assert.deepEqual([found?.item, found?.owner, others], [item, urn, []]);
    assert.match(
      found?.what ?? "",
      /^the address 172\.29\.142\.9, reserved for a machine that does not exist; its creation was started, and no known state has it$/,
    );
  });

  it("is not removed for another stack, and is for its own, with its note", async () => {
    assert.equal((await removed(stateOf("new"), item)).code, 2);
    const { code, told } = await removed(stateOf("old"), item);
    assert.equal(code, 0, told);
    const { uuid = "" } = (await libvirt.find("network", `${name}-lab`)) ?? {};
    assert.doesNotMatch((await libvirt.definition("network", uuid)) ?? "", /172\.29\.142\.9"/);
    assert.equal(await ledger.started(urn), undefined);
  });

  it("is only a note, when it had made nothing", async () => {
    await ledger.start(urn, identity);
    const create = `create:${urn}`;
    assert.deepEqual(itemsOf((await listed(stateOf("old"))).orphans), [create]);
    assert.equal((await removed(stateOf("old"), create)).code, 0);
    assert.equal(await ledger.started(urn), undefined);
  });
});

describe("records of what does not exist", () => {
  const { urn: owner, identity } = contextOf("Machine", "old");
  const entry = { owner, identity };
  const notes = [
    { kind: "reservation", name: `${name}-none/52:54:00:00:00:aa`, entry: { ...entry, thing: "172.29.142.9" } },
    { kind: "pool", name: `${name}-none`, entry },
    { kind: "volume", name: `default/${name}-none`, entry },
  ] as const;
  const items = [`reservation:${name}-none/52:54:00:00:00:aa`, `pool:${name}-none`, `volume:default/${name}-none`];

  it("are found, each of every kind, and removed", async () => {
    for (const note of notes) await ledger.claim(note.kind, note.name, note.entry);
    const { printed } = await command(["--state", "-"], testTerminal({ input: stateOf("old") }));
    for (const item of items) assert.match(printed, new RegExp(`\\n  ${item}  a record of `));
    for (const item of items) assert.equal((await removed(stateOf("old"), item)).code, 0, item);
    for (const { kind, name: noted } of notes) assert.equal(await ledger.entry(kind, noted), undefined);
  });

  it("also that of an interrupted change", async () => {
    await ledger.open({ owner, identity });
    const { printed } = await command(["--state", "-"], testTerminal({ input: stateOf("old") }));
    assert.match(printed, new RegExp(`\\n  note:${owner}  a record that a change `));
    assert.equal((await removed(stateOf("old"), `note:${owner}`)).code, 0);
    assert.equal(await ledger.isOpen(identity), false);
  });
});

describe("what was taken over", () => {
  it("stays, and only loses its mark", async () => {
    const { urn: owner, identity } = contextOf("Network", "old");
    const plain = parse(`<network><name>${name}-theirs</name><bridge name="kd-theirs"/></network>`);
    await libvirt.define("network", render(withMark(plain, { owner, identity, phase: "ready", adopted: true })));
    const { uuid = "" } = (await libvirt.find("network", `${name}-theirs`)) ?? {};
    const { code, told } = await removed(stateOf("old"), `network:${name}-theirs`);
    assert.equal(code, 0, told);
    const left = parse((await libvirt.definition("network", uuid)) ?? "<gone/>");
    assert.deepEqual([textOf(left, "name"), readMark(left)], [`${name}-theirs`, undefined]);
    await libvirt.undefine("network", uuid);
  });
});

describe("files of machines that no longer exist", () => {
  const log = path.join(directories.consoles, `${name}.installer.log`);
  const iso = path.join(directories.isos, `${name}-done.iso`);
  after(() => {
    for (const file of [log, `${iso}.installed.json`]) rmSync(file, { force: true });
  });

  it("are found in kvm-deploy's own directories and removed", async () => {
    mkdirSync(directories.consoles, { recursive: true });
    mkdirSync(directories.isos, { recursive: true });
    writeFileSync(log, "the last words");
    const { urn: owner, identity } = contextOf("InstallerIso", "old");
    const base = { schemaVersion: 1, owner, identity, digest: "0".repeat(64), family: "debian" } as const;
    const installation = { ...base, release: "Debian 13", mark: "m", login: "root", hostKeys: [], keep: false };
    await discardIso(iso, { installation, machine: "none" }, host);
    const items = [`log:${log}`, `receipt:${iso}.installed.json`];
    assert.deepEqual(itemsOf((await listed(stateOf("old"))).orphans), items);
    for (const item of items) assert.equal((await removed(stateOf("old"), item)).code, 0);
    assert.deepEqual([existsSync(log), existsSync(`${iso}.installed.json`)], [false, false]);
    await host.files.removeEmptyDirectory(directories.isos);
  });
});

describe("a request that can't be served", () => {
  const file = path.join(tmpdir(), "kvm-deploy-no-such-state.json");
  for (const [args, message] of [
    [["--state", file], /there is no file .*no-such-state\.json/],
    [["--state", __filename], /is not the exported state of a stack\. Give what `pulumi stack export` prints/],
    [["--cwd", "/srv"], /--cwd \/srv must follow the --stack that it belongs to/],
    [["--stack", "a", "--cwd", "b", "--cwd", "c"], /--cwd c must follow the --stack that it belongs to/],
    [["--connection", "qemu+ssh://other/system"], /is on another machine, which this release does not support/],
    [["--stack", "none", "--cwd", tmpdir()], /the state of stack none in .* can't be read: (?!`)/],
  ] as const) {
    it(`is an error: ${args.join(" ")}`, async () => {
      const { code, told } = await command(args);
      assert.equal(code, 2);
      assert.match(told, message);
    });
  }
});
