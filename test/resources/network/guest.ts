import assert from "node:assert/strict";
import { attributeOf, childrenOf, type Element, find, parse } from "../../../provider/format/xml";
import type { Context, Properties } from "../../../provider/resource/handler";
import type { Host } from "../../../provider/resource/host";
import { network } from "../../../provider/resources/network/handler";
import { type TestContext, testContext } from "../../context";
import { site } from "../../site";

const { connection, enter, host } = site();
const { libvirt } = host;

/** The host as libvirt's own network namespace shows it. */
export function inside(context: Context): Context {
  const entered: Host = {
    ...host,
    run: (program, args, options) => {
      const [first = "", ...rest] = [...enter, program, ...args];
      return host.run(first, rest, options);
    },
  };
  return { ...context, host: () => entered };
}

/** A network as the engine deploys it, with one running machine that has nothing to boot from. */
export class GuestNetwork {
  readonly context: TestContext;
  state: Properties = {};
  private domain = "";

  constructor(
    private readonly base: Properties,
    private readonly mac: string,
  ) {
    this.context = testContext(connection, `urn:pulumi:test::test::kvm::${this.name}`);
  }

  get name(): string {
    return String(this.base["name"]);
  }

  get id(): string {
    return String(this.state["uuid"]);
  }

  get guest(): string {
    return `${this.name}-guest`;
  }

  async create(given: Properties): Promise<void> {
    this.state = plain((await network.create(await this.checked(given), this.context)).outputs);
  }

  async startGuest(): Promise<void> {
    await libvirt.define(
      "domain",
      `<domain type="qemu"><name>${this.guest}</name><memory unit="MiB">32</memory><os><type arch="x86_64" machine="q35">hvm</type></os><devices><interface type="network"><mac address="${this.mac}"/><source network="${this.name}"/><model type="virtio"/></interface></devices></domain>`,
    );
    this.domain = (await libvirt.find("domain", this.guest))?.uuid ?? assert.fail();
    await libvirt.start("domain", this.domain);
  }

  async removeGuest(): Promise<void> {
    await libvirt.stop("domain", this.domain);
    await libvirt.undefine("domain", this.domain);
  }

  async checked(given: Properties): Promise<Properties> {
    const { inputs, failures } = await network.check(this.state, { ...this.base, ...given }, this.context);
    assert.deepEqual(failures, []);
    return plain(inputs);
  }

  async preview(given: Properties): Promise<readonly string[]> {
    const { changes, notes } = await network.diff(this.id, this.state, await this.checked(given), this.context);
    return changes ? ["changes", ...notes] : [];
  }

  /** Updates when the preview shows something to do. */
  async up(given: Properties, by: Context = this.context): Promise<void> {
    if ((await this.preview(given)).length === 0) return;
    this.state = plain(await network.update(this.id, this.state, await this.checked(given), by));
  }

  async refresh(by: Context = this.context): Promise<void> {
    const read = await network.read(this.id, this.state, by);
    this.state = plain(read?.outputs ?? assert.fail("it no longer exists"));
  }

  async live(): Promise<Element> {
    return parse((await libvirt.liveDefinition("network", this.id)) ?? "");
  }

  /** The guest's interface in force. */
  async nic(): Promise<Element> {
    const root = parse((await libvirt.liveDefinition("domain", this.domain)) ?? "");
    return childrenOf(find(root, "devices"), "interface")[0] ?? assert.fail();
  }

  /** By what libvirt says and by what the kernel has. */
  async isPluggedIn(): Promise<void> {
    const element = await this.nic();
    assert.equal(element.attributes["type"], "network");
    assert.deepEqual(await libvirt.networkPorts(this.id), [attributeOf(element, "source", "portid")]);
    assert.deepEqual(await this.tapsOn(), [attributeOf(element, "target", "dev")]);
  }

  async tapsOn(): Promise<string[]> {
    const bridge = attributeOf(await this.live(), "bridge", "name") ?? "";
    const { stdout } = await ip("-json", "link", "show", "master", bridge);
    return (JSON.parse(stdout === "" ? "[]" : stdout) as { ifname?: string }[]).flatMap(({ ifname }) => ifname ?? []);
  }
}

/** In the network that libvirt is in. */
export function ip(...args: string[]) {
  const [program = "", ...rest] = [...enter, "ip", ...args];
  return host.run(program, rest);
}

/** As it looks after a journey through the state. */
function plain(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties)) as Properties;
}
