import path from "node:path";
import type { Properties } from "../../../provider/resource/handler";
import { installerIso } from "../../../provider/resources/installer-iso/handler";
import { type TestContext, testContext } from "../../context";
import { site } from "../../site";
import { type InstallerKind, quickSource } from "./quick-source";

const { connection } = site();

/** An InstallerIso whose installer needs no operating system. */
export class QuickInstaller {
  readonly context: TestContext;
  state: Properties = {};

  constructor(
    private readonly name: string,
    private readonly folder: string,
  ) {
    this.context = testContext(connection, `urn:pulumi:test::test::kvm::${name}-iso`);
  }

  get id(): string {
    return path.join(this.folder, `${this.name}.iso`);
  }

  /** As the engine deploys it. */
  async up(kind: InstallerKind, given: Properties = {}): Promise<void> {
    const inputs = await this.checked(kind, given);
    if (this.state["path"] === undefined) this.state = (await installerIso.create(inputs, this.context)).outputs;
    else if ((await installerIso.diff(this.id, this.state, inputs, this.context)).changes)
      this.state = await installerIso.update(this.id, this.state, inputs, this.context);
  }

  async checked(kind: InstallerKind, given: Properties = {}): Promise<Properties> {
    const source = quickSource(this.folder, kind);
    const program = { connection, name: this.name, directory: this.folder, source, debian: {}, ...given };
    const { inputs, failures } = await installerIso.check(this.state, program, this.context);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    return inputs;
  }

  async remove(): Promise<void> {
    if (this.state["path"] !== undefined) await installerIso.delete(this.id, this.state, this.context);
  }
}
