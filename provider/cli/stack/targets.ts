import type { Configuration } from "../../config/configuration";
import { mapAt, referencesOf, type Section, sectionClasses } from "../../config/references";
import { KvmError } from "../../values/errors";
import { choices } from "../../values/nearest";
import { projectName } from "./names";

const component = "kvm:index:Deployment";

/** The URN of an entry of a configuration. */
export function urnOf(stack: string, section: Section, key: string): string {
  return `urn:pulumi:${stack}::${projectName}::${component}$pulumi-nodejs:dynamic/kvm:${sectionClasses[section]}::${key}`;
}

/** The URN of what all entries of a configuration are below. */
export function componentUrnOf(stack: string): string {
  return `urn:pulumi:${stack}::${projectName}::${component}::${stack}`;
}

/** The machines, and everything that they need. None named: everything, so no target. */
export function targetsOf(machines: readonly string[], configuration: Configuration, stack: string): string[] {
  if (machines.length === 0) return [];
  for (const machine of machines) requireMachine(machine, Object.keys(configuration.machines));
  const found = new Set<string>([componentUrnOf(stack)]);
  const visit = (section: Section, key: string): void => {
    const urn = urnOf(stack, section, key);
    const entry = Object.hasOwn(configuration[section], key) ? configuration[section][key] : undefined;
    if (entry === undefined || found.has(urn)) return;
    found.add(urn);
    for (const { field, to } of referencesOf(section))
      mapAt(entry, field, (value) => {
        if (typeof value === "string") visit(to, value);
        return value;
      });
  };
  for (const machine of machines) visit("machines", machine);
  return [...found];
}

/** @throws KvmError that names the existing machines */
export function requireMachine(machine: string, existing: readonly string[]): void {
  if (existing.includes(machine)) return;
  throw new KvmError("not-found", `there is no machine "${machine}"; ${choices("the machines", machine, existing)}`);
}
