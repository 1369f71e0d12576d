import { z } from "zod";
import { identityKey, urnKey } from "../engine/identities";
import type { Properties } from "../resource/handler";
import { KvmError } from "../values/errors";
import { legacyIdentity } from "../values/identity";

/** A stack, by the two names that every URN of its resources begins with. */
export interface StackName {
  readonly stack: string;
  readonly project: string;
}

/** What the states of some stacks know of a host. */
export interface Known {
  readonly stacks: readonly StackName[];
  readonly identities: ReadonlySet<string>;
  /** MAC addresses of their machines, and of the DHCP hosts that their networks name themselves. */
  readonly macs: ReadonlySet<string>;
  /** Names of their machines, by which logs are called. */
  readonly machines: ReadonlySet<string>;
}

const exported = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          type: z.string().optional(),
          inputs: z.record(z.string(), z.unknown()).optional(),
          outputs: z.record(z.string(), z.unknown()).optional(),
        }),
      )
      .nullish(),
  }),
});

const ourType = "pulumi-nodejs:dynamic/kvm:";

export const nothingKnown: Known = { stacks: [], identities: new Set(), macs: new Set(), machines: new Set() };

/**
 * What an exported state knows.
 * @param text the output of `pulumi stack export`
 * @param origin where it comes from, for errors
 * @throws KvmError when it is something else
 */
export function knownBy(text: string, origin: string): Known {
  const resources = resourcesIn(text, origin);
  const own = resources.filter(({ type, inputs }) => type.startsWith(ourType) || typeof inputs[urnKey] === "string");
  return {
    stacks: uniqueStacks(resources.flatMap(({ urn }) => stackOf(urn) ?? [])),
    identities: new Set(own.flatMap(identitiesOf)),
    macs: new Set(own.flatMap(({ inputs, outputs }) => [...macsIn(inputs), ...macsIn(outputs)])),
    machines: new Set(
      own
        .filter(({ type }) => type === `${ourType}Machine`)
        .flatMap(({ inputs, outputs }) => [inputs["name"], outputs["name"]].filter((name) => typeof name === "string")),
    ),
  };
}

export function together(all: readonly Known[]): Known {
  return {
    stacks: uniqueStacks(all.flatMap(({ stacks }) => stacks)),
    identities: new Set(all.flatMap(({ identities }) => [...identities])),
    macs: new Set(all.flatMap(({ macs }) => [...macs])),
    machines: new Set(all.flatMap(({ machines }) => [...machines])),
  };
}

/** The stack of a URN, `urn:pulumi:STACK::PROJECT::…`. */
export function stackOf(urn: string): StackName | undefined {
  const [, stack, project] = /^urn:pulumi:([^:]+)::([^:]+)::/.exec(urn) ?? [];
  return stack === undefined || project === undefined ? undefined : { stack, project };
}

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

function resourcesIn(text: string, origin: string): Resource[] {
  try {
    const { deployment } = exported.parse(JSON.parse(text));
    return (deployment.resources ?? []).map(({ urn, type = "", inputs = {}, outputs = {} }) => ({
      urn,
      type,
      inputs,
      outputs,
    }));
  } catch (cause) {
    throw new KvmError("invalid-input", `${origin} is not the exported state of a stack`, {
      remedy: "Give what `pulumi stack export` prints",
      cause,
    });
  }
}

/** Of one that an update has just begun to change, inputs and outputs may be of two minds: then it has both. */
function identitiesOf({ urn, inputs, outputs }: Resource): string[] {
  return [inputs, outputs].flatMap((properties) => {
    const { [identityKey]: identity, [urnKey]: marked } = properties;
    if (typeof identity === "string") return [identity];
    return [legacyIdentity(typeof marked === "string" ? marked : urn)];
  });
}

function macsIn({ macAddresses, ipv4, ipv6 }: Properties): string[] {
  const hosts = [ipv4, ipv6].flatMap((ip) => listIn(recordIn(recordIn(ip)["dhcp"])["hosts"]));
  const macs = [...listIn(macAddresses), ...hosts.map((host) => recordIn(host)["mac"])];
  return macs.filter((mac) => typeof mac === "string").map((mac) => mac.toLowerCase());
}

function recordIn(value: unknown): Properties {
  return typeof value === "object" && value !== null ? (value as Properties) : {};
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function uniqueStacks(stacks: readonly StackName[]): StackName[] {
  return [...new Map(stacks.map((name) => [`${name.stack}\0${name.project}`, name])).values()];
}
