import * as pulumi from "@pulumi/pulumi";
import { type Configuration, inputsOf } from "../provider/config/configuration";
import {
  eachSection,
  type Entry,
  replaceReferences,
  type Section,
  sectionClasses,
  sections,
} from "../provider/config/references";
import { own } from "../provider/values/keys";
import type { KvmResource } from "./resource";
import * as classes from "./resources.gen";

/** The address and login of a machine. */
export interface DeployedMachine {
  readonly uuid: pulumi.Output<string>;
  readonly addresses: pulumi.Output<string[]>;
  readonly sshCommand: pulumi.Output<string | undefined>;
  readonly ansibleInventory: pulumi.Output<string | undefined>;
  readonly knownHosts: pulumi.Output<string>;
}

// Loading has checked every entry with the schema from which its arguments' type is generated.
type Made = KvmResource & { readonly name?: pulumi.Output<string> };
type Kind = new (name: string, args: never, opts: pulumi.CustomResourceOptions) => Made;

/** Everything that one configuration describes: networks, pools, volumes, installer ISOs and machines. */
export class Deployment extends pulumi.ComponentResource {
  /** The machines by their keys in the configuration. */
  readonly machines: Readonly<Record<string, DeployedMachine>>;

  constructor(name: string, configuration: Configuration, opts: pulumi.ComponentResourceOptions = {}) {
    super("kvm:index:Deployment", name, {}, opts);
    const { machines } = makeAll(configuration, this);
    this.machines = Object.fromEntries(
      [...machines].map(([key, machine]) => [key, outputsOf(machine as Made & DeployedMachine)]),
    );
    this.registerOutputs({ machines: this.machines });
  }
}

type AllMade = Readonly<Record<Section, Map<string, Made>>>;

/** Creates each entry after those that it refers to. */
function makeAll(configuration: Configuration, parent: pulumi.Resource): AllMade {
  const made: AllMade = eachSection(() => new Map<string, Made>());
  const begun = new Set<Entry>();
  const obtain = (section: Section, key: string): Made | undefined => {
    const entry = own(configuration[section], key);
    // A reference to the entry itself has no value, so the key stays, and the resource reports the error.
    if (entry === undefined || begun.has(entry)) return made[section].get(key);
    begun.add(entry);
    const inputs = { ...inputsOf(key, entry, configuration), ...templateData(section, entry, configuration) };
    const wired = replaceReferences(section, inputs, ({ to, property }, target) => obtain(to, target)?.[property]);
    const Kind: Kind = classes[sectionClasses[section]];
    const resource = new Kind(key, wired as never, { parent });
    made[section].set(key, resource);
    return resource;
  };
  for (const section of sections) for (const key of Object.keys(configuration[section])) obtain(section, key);
  return made;
}

/** Your own template can use the whole configuration; the installer's own data has priority. */
function templateData(section: Section, entry: Entry, configuration: Configuration): Entry {
  const xml = entry["xml"] as Entry | undefined;
  if (section === "machines" && xml?.["template"] !== undefined)
    return { xml: { ...xml, data: { ...configuration, ...(xml["data"] as Entry | undefined) } } };
  if (section !== "installers" || (entry["template"] === undefined && entry["table"] === undefined)) return {};
  return { data: { ...configuration, ...(entry["data"] as Entry | undefined) } };
}

/** Plain outputs: a machine itself among a component's outputs would be a reference to a resource. */
function outputsOf({ uuid, addresses, sshCommand, ansibleInventory, knownHosts }: DeployedMachine): DeployedMachine {
  return { uuid, addresses, sshCommand, ansibleInventory, knownHosts };
}
