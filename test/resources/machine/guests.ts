import { parse } from "../../../provider/format/xml";
import type { Properties } from "../../../provider/resource/handler";
import { machine } from "../../../provider/resources/machine/handler";
import { volume } from "../../../provider/resources/volume/handler";
import { type TestContext, testContext } from "../../context";
import { site } from "../../site";

const { connection, host } = site();

/** Guests of one boot sector each, in machine code. */
const sectors = {
  /** Enables the power button (PM1_EN of the q35 chipset), sleeps from tick to tick, and powers off when it is pressed. */
  polite: "ba0206 b80001 ef  fb f4 ba0006 ed f6c401 74f5  ba0406 b80020 ef  f4",
  /** Halts for good. */
  deaf: "fa f4 ebfd",
} as const;

export type GuestKind = keyof typeof sectors;

/** A machine as the engine deploys it, by its handlers alone, with a guest of one boot sector on its first disk. */
export class Guest {
  readonly context: TestContext;
  readonly disk: string;
  private readonly base: Properties;
  private readonly volumes = new Map<string, Properties>();
  state: Properties = {};

  private constructor(name: string, disk: string, memory = "64MiB") {
    this.context = testContext(connection, `urn:pulumi:test::test::kvm::${name}`);
    this.disk = disk;
    this.base = {
      connection,
      name,
      memory,
      domainType: "qemu",
      shutdownTimeout: "20s",
      disks: [{ volume: disk }],
    };
  }

  static async make(name: string, kind: GuestKind): Promise<Guest> {
    const guest = new Guest(name, `default/${name}-root`);
    await guest.makeVolume("root", bootSector(sectors[kind]));
    return guest;
  }

  /** With the memory and the disk that an installer needs; the host gives both only as far as they are used. */
  static async makeEmpty(name: string): Promise<Guest> {
    const guest = new Guest(name, `default/${name}-root`, "512MiB");
    await guest.makeVolume("root", new Uint8Array(512), "1GiB");
    return guest;
  }

  /** @returns its id */
  async makeVolume(name: string, content: Uint8Array = new Uint8Array(512), size = "1MiB"): Promise<string> {
    const inputs = { connection, name: `${this.name}-${name}`, size, format: "raw" };
    const { id, outputs } = await volume.create(inputs, this.context);
    this.volumes.set(id, outputs);
    await host.files.writeAt(this.fileOf(id), 0, content);
    return id;
  }

  fileOf(id: string): string {
    return String(this.volumes.get(id)?.["path"]);
  }

  get name(): string {
    return String(this.base["name"]);
  }

  get uuid(): string {
    return String(this.state["uuid"]);
  }

  async preview(given: Properties = {}): Promise<readonly string[]> {
    const { changes, notes } = await machine.diff(this.uuid, this.state, await this.checked(given), this.context);
    return changes ? ["changes", ...notes] : [];
  }

  /** Creates it, or updates it if the diff says so; what a failure leaves in the state is kept. */
  async up(given: Properties = {}, context: TestContext = this.context): Promise<void> {
    const inputs = await this.checked(given);
    try {
      if (this.state["uuid"] === undefined) this.state = plain((await machine.create(inputs, context)).outputs);
      else this.state = plain(await machine.update(this.uuid, this.state, inputs, context));
    } catch (error) {
      if (error instanceof Error && "outputs" in error) this.state = plain(error.outputs as Properties);
      throw error;
    }
  }

  async refresh(): Promise<void> {
    const read = await machine.read(this.uuid, this.state, { ...this.context, isRefresh: true });
    this.state = plain(read?.outputs ?? {});
  }

  async live() {
    return parse((await host.libvirt.liveDefinition("domain", this.uuid)) ?? "<gone/>");
  }

  /** @param isAsked whether the guest is to power off by itself */
  async removeMachine({ isAsked = false } = {}): Promise<void> {
    const entry = await host.libvirt.find("domain", this.name);
    if (entry === undefined) return;
    if (!isAsked) await host.libvirt.stop("domain", entry.uuid);
    await machine.delete(entry.uuid, { ...this.base, ...this.state }, this.context);
    this.state = {};
  }

  async remove(): Promise<void> {
    await this.removeMachine();
    for (const [id, inputs] of this.volumes) await volume.delete(id, inputs, this.context);
  }

  async checked(given: Properties): Promise<Properties> {
    const { inputs, failures } = await machine.check(this.state, { ...this.base, ...given }, this.context);
    if (failures.length > 0)
      throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
    return plain(inputs);
  }
}

/** A network, made by hand. @returns what takes it away */
export async function makeNetwork(name: string, more = ""): Promise<() => Promise<void>> {
  await host.libvirt.define("network", `<network><name>${name}</name><bridge name="kd-${name}"/>${more}</network>`);
  const { uuid = "" } = (await host.libvirt.find("network", name)) ?? {};
  await host.libvirt.start("network", uuid);
  return async () => {
    await host.libvirt.stop("network", uuid);
    await host.libvirt.undefine("network", uuid);
  };
}

function bootSector(code: string): Uint8Array {
  const sector = new Uint8Array(512);
  sector.set(Buffer.from(code.replaceAll(" ", ""), "hex"));
  sector.set([0x55, 0xaa], 510);
  return sector;
}

/** As it looks after a journey through the state. */
function plain(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties)) as Properties;
}
