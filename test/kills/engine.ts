import type { Properties } from "../../provider/resource/handler";
import type { Declared, HandlerName, Program } from "./programs";

/** What Pulumi calls, as `provider/engine/dynamic.ts` serves it. */
export interface Provider {
  check(olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: readonly { reason: string }[] }>;
  diff(id: string, olds: Properties, news: Properties): Promise<{ changes?: boolean; replaces?: string[] }>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(id: string, state: Properties): Promise<{ id?: string; props?: Properties; inputs?: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, state: Properties): Promise<void>;
}

export type Providers = Readonly<Record<HandlerName, Provider>>;

export interface Saved {
  readonly urn: string;
  readonly handler: HandlerName;
  readonly name: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** Whether it was made or changed only in part: then the next update is due. */
  readonly isPartial?: boolean;
}

/** A state that lasts: written after each answer, as Pulumi's engine does. */
export interface StateFile {
  read(): readonly Saved[];
  write(resources: readonly Saved[]): void;
}

export const stackName = "kills";
const kinds = {
  ...{ network: "Network", storagePool: "StoragePool", volume: "Volume" },
  ...{ installerIso: "InstallerIso", machine: "Machine" },
} as const satisfies Record<HandlerName, string>;

function typeOf(handler: HandlerName): string {
  return `pulumi-nodejs:dynamic/kvm:${kinds[handler]}`;
}

function urnOf({ handler, name }: Pick<Declared, "handler" | "name">): string {
  return `urn:pulumi:${stackName}::${stackName}::${typeOf(handler)}::${name}`;
}

/** The state as `pulumi stack export` prints it. */
export function exported(resources: readonly Saved[]): string {
  const root = { urn: `urn:pulumi:${stackName}::${stackName}::pulumi:pulumi:Stack::x`, type: "pulumi:pulumi:Stack" };
  const all = resources.map(({ urn, handler, id, inputs, outputs }) => ({
    ...{ urn, type: typeOf(handler), id, inputs, outputs },
  }));
  return JSON.stringify({ version: 3, deployment: { resources: [root, ...all] } });
}

/** The calls of Pulumi's engine, in its order, one resource after the other. */
export class Engine {
  constructor(
    private readonly providers: Providers,
    private readonly state: StateFile,
  ) {}

  /** @returns what was done with each resource */
  async up(program: Program): Promise<string[]> {
    const done: string[] = [];
    for (const declared of program) done.push(await this.deploy(declared));
    const urns = program.map(urnOf);
    const gone = this.state.read().filter(({ urn }) => !urns.includes(urn));
    for (const resource of gone.toReversed()) {
      await this.remove(resource);
      done.push(`delete ${resource.name}`);
    }
    return done;
  }

  async destroy(): Promise<string[]> {
    return this.up([]);
  }

  async refresh(): Promise<string[]> {
    const done: string[] = [];
    for (const { urn } of this.state.read()) {
      const resource = this.find(urn);
      if (resource === undefined) continue;
      const read = await this.providers[resource.handler].read(resource.id, resource.outputs);
      if (read.id === undefined) {
        this.forget(urn);
        done.push(`gone ${resource.name}`);
      } else {
        const { id, props = {}, inputs = {} } = travelled(read);
        this.save({ ...resource, id: id ?? "", outputs: props, inputs });
      }
    }
    return done;
  }

  /** @returns what `up` would do */
  async preview(program: Program): Promise<string[]> {
    const steps: string[] = [];
    for (const declared of program) {
      const before = this.find(urnOf(declared));
      const inputs = await this.checked(declared, before?.inputs ?? {});
      const step = before === undefined ? "create" : await this.stepFor(before, inputs);
      if (step !== "same") steps.push(`${step} ${declared.name}`);
    }
    const urns = program.map(urnOf);
    const gone = this.state.read().filter(({ urn }) => !urns.includes(urn));
    return [...steps, ...gone.map(({ name }) => `delete ${name}`)];
  }

  private async deploy(declared: Declared): Promise<string> {
    const before = this.find(urnOf(declared));
    if (before === undefined) {
      await this.create(declared, await this.checked(declared, {}));
      return `create ${declared.name}`;
    }
    const inputs = await this.checked(declared, before.inputs);
    const step = await this.stepFor(before, inputs);
    if (step === "replace") {
      const fresh = await this.checked(declared, {});
      await this.remove(before);
      await this.create(declared, fresh);
    } else if (step === "update") await this.update(before, inputs);
    else this.save({ ...before, inputs });
    return `${step} ${declared.name}`;
  }

  private async stepFor(before: Saved, inputs: Properties): Promise<"same" | "update" | "replace"> {
    const { changes = false, replaces = [] } = await this.providers[before.handler].diff(
      ...([before.id, before.outputs, inputs] as const),
    );
    if (changes && replaces.length > 0) return "replace";
    return changes || before.isPartial === true ? "update" : "same";
  }

  private async checked(declared: Declared, olds: Properties): Promise<Properties> {
    const given = declared.inputs((name) => this.named(name).outputs);
    const news = travelled({ ...given, __urn: urnOf(declared) });
    const { inputs, failures } = await this.providers[declared.handler].check(olds, news);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    return travelled(inputs);
  }

  private async create(declared: Declared, inputs: Properties): Promise<void> {
    const base = { urn: urnOf(declared), handler: declared.handler, name: declared.name, inputs };
    await this.keptIfPartial(base, async () => {
      const { id, outs } = await this.providers[declared.handler].create(inputs);
      this.save({ ...base, id, outputs: travelled(outs) });
    });
  }

  private async update(before: Saved, inputs: Properties): Promise<void> {
    await this.keptIfPartial({ ...before, inputs }, async () => {
      const { outs } = await this.providers[before.handler].update(before.id, before.outputs, inputs);
      this.save({ ...before, inputs, outputs: travelled(outs), isPartial: false });
    });
  }

  private async remove({ urn, handler, id, outputs }: Saved): Promise<void> {
    await this.providers[handler].delete(id, outputs);
    this.forget(urn);
  }

  /** What was made in part is kept in the state, and the deployment fails. */
  private async keptIfPartial(base: Omit<Saved, "id" | "outputs">, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { id, properties } = error as { id?: string; properties?: Properties };
      if (id !== undefined && properties !== undefined)
        this.save({ ...base, id, outputs: travelled(properties), isPartial: true });
      throw error;
    }
  }

  private named(name: string): Saved {
    const found = this.state.read().find((resource) => resource.name === name);
    if (found === undefined) throw new Error(`the program names ${name} before it is made`);
    return found;
  }

  private find(urn: string): Saved | undefined {
    return this.state.read().find((resource) => resource.urn === urn);
  }

  private save(resource: Saved): void {
    const all = this.state.read();
    const isKnown = all.some(({ urn }) => urn === resource.urn);
    this.state.write(isKnown ? all.map((one) => (one.urn === resource.urn ? resource : one)) : [...all, resource]);
  }

  private forget(urn: string): void {
    this.state.write(this.state.read().filter((resource) => resource.urn !== urn));
  }
}

/** As it looks after a journey through the engine. */
function travelled<T>(properties: T): T {
  return JSON.parse(JSON.stringify(properties)) as T;
}
