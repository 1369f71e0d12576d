import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Handler, Properties } from "../../provider/resource/handler";
import { machine } from "../../provider/resources/machine/handler";
import { machineOutputs } from "../../provider/resources/machine/schema/machine";
import { network } from "../../provider/resources/network/handler";
import { networkOutputs } from "../../provider/resources/network/schema";
import { storagePool } from "../../provider/resources/storage-pool/handler";
import { storagePoolOutputs } from "../../provider/resources/storage-pool/schema";
import { volume } from "../../provider/resources/volume/handler";
import { volumeOutputs } from "../../provider/resources/volume/schema";
import { testContext } from "../context";
import { scratchFolder } from "../iso/host";
import { site } from "../site";

const { connection, host } = site();
const { libvirt } = host;
const folder = scratchFolder();

/** A resource on the host, with the state that its create has written. */
class Deployed {
  readonly context = testContext(connection, `urn:pulumi:test::test::kvm::damaged-${this.kind}`);
  id = "";
  state: Properties = {};
  private program: Properties = {};

  constructor(
    readonly kind: string,
    readonly handler: Handler,
    readonly keys: readonly string[],
    private readonly given: Properties,
  ) {}

  async create(): Promise<void> {
    const program = { connection, name: `damaged-${this.kind}`, ...this.given };
    const { inputs, failures } = await this.handler.check({}, program, this.context);
    assert.deepEqual(failures, []);
    const { id, outputs } = await this.handler.create(inputs, this.context);
    [this.program, this.id, this.state] = [inputs, id, plain(outputs)];
  }

  private definition(): Promise<string | undefined> {
    return this.kind === "machine" ? libvirt.definition("domain", this.id) : Promise.resolve(undefined);
  }

  async survives(damaged: Properties): Promise<void> {
    const { replaces } = await this.handler.diff(this.id, damaged, this.program, this.context);
    assert.deepEqual(replaces, []);
    const before = await this.definition();
    const updated = await this.handler.update(this.id, damaged, this.program, this.context);
    assert.deepEqual(Object.keys(plain(updated)).sort(), Object.keys(this.state).sort());
    const read = await this.handler.read(this.id, damaged, this.context);
    assert.equal(read?.id, this.id);
    assert.deepEqual((await this.handler.diff(this.id, read.outputs, this.program, this.context)).replaces, []);
    await this.handler.update(this.id, read.outputs, this.program, this.context);
    assert.equal(await this.definition(), before);
  }
}

const kinds = [
  new Deployed("pool", storagePool, Object.keys(storagePoolOutputs.shape), { path: `${folder}/damaged` }),
  new Deployed("volume", volume, Object.keys(volumeOutputs.shape), { pool: "damaged-pool", size: "1MiB" }),
  new Deployed("network", network, Object.keys(networkOutputs.shape), {
    ...{
      mode: "isolated",
      ipv4: { subnet: "10.250.78.0/24", dhcp: { ranges: [{ start: "10.250.78.100", end: "10.250.78.110" }] } },
    },
  }),
  new Deployed("machine", machine, [...Object.keys(machineOutputs.shape), "untold", "awaitedAddresses", "pending"], {
    ...{ memory: "64MiB", domainType: "qemu", firmware: "bios", running: false },
    ...{ disks: [{ volume: "damaged-pool/damaged-volume" }] },
    nics: [{ network: "damaged-network", address: "10.250.78.10" }],
  }),
] as const;

describe("a state whose outputs are of no use", () => {
  before(async () => {
    for (const each of kinds) await each.create();
  });
  after(async () => {
    for (const each of kinds.toReversed()) await each.handler.delete(each.id, each.state, each.context);
  });

  for (const each of kinds) {
    for (const key of each.keys) {
      it(`keeps the ${each.kind}, whatever its ${key} is`, async () => {
        for (const value of [undefined, 7, { a: 7 }, [7]]) await each.survives({ ...each.state, [key]: value });
      });
    }
    it(`keeps the ${each.kind} with inputs alone`, async () => {
      const inputs = Object.fromEntries(Object.entries(each.state).filter(([key]) => !each.keys.includes(key)));
      await each.survives(inputs);
    });
  }

  it("of a machine is enough to delete it, with what it has reserved", async () => {
    const each = kinds[3];
    const inputs = Object.fromEntries(Object.entries(each.state).filter(([key]) => !each.keys.includes(key)));
    await each.handler.delete(each.id, inputs, each.context);
    assert.equal(await each.handler.read(each.id, each.state, each.context), undefined);
    assert.doesNotMatch((await libvirt.definition("network", kinds[2].id)) ?? "", /10\.250\.78\.10"/);
  });
});

function plain(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties)) as Properties;
}
