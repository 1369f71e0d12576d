import type { Element } from "../format/xml";
import { readMark } from "../libvirt/mark";
import { Conflict, type ErrorDetails, KvmError } from "../values/errors";
import type { Owner } from "../values/identity";
import type { Context } from "./handler";

/** Whether an existing thing may be taken over: one without a mark (true), or the one of that owner (its URN). */
export type Adopt = boolean | string;

export interface Claimant {
  readonly urn: string;
  readonly identity: string;
  readonly adopt: Adopt;
}

/**
 * A thing with the claimant's name exists, with another identity. Either it belongs to the claimant's predecessor,
 * which is about to be replaced (with `--replace` the engine does not report it, and a renamed stack has another URN),
 * or to a resource with the same name in another state.
 */
export class Namesake extends Conflict {
  /** For a preview that can't know it. */
  readonly doubt: string;

  constructor(what: string, reason: string, details: ErrorDetails) {
    super(`${what} exists already, and ${reason}`, details);
    this.name = "Namesake";
    this.doubt = `${what} exists already, and ${reason}. If it is in this stack's state, it is replaced; if not, up refuses to change it`;
  }
}

/**
 * Checks that an existing thing belongs to the claimant, or may be taken over.
 * @param owner undefined if kvm-deploy has not marked it
 * @param what such as `a network named "lab"`
 * @throws Conflict if it has another owner
 */
export function claimOf(owner: Owner | undefined, what: string, { urn, identity, adopt }: Claimant): "own" | "adopted" {
  if (owner?.identity === identity) return "own";
  if (owner === undefined ? adopt === true : adopt === owner.owner) return "adopted";
  const reason = makerOf(owner, urn);
  const remedy = `To take it over as it is, set adopt to ${owner === undefined ? "true" : "that URN"}; otherwise choose another name, or remove it first`;
  const details = { property: "name", remedy };
  if (owner !== undefined && isNamesake(owner.owner, urn)) throw new Namesake(what, reason, details);
  throw new Conflict(`${what} exists already, and ${reason}`, details);
}

/**
 * The thing of that name if it belongs to the claimant, or is taken over by `adopt`; also after an interruption.
 * @throws Conflict if it has another owner
 */
export function claimRoot(root: Element, what: string, claimant: Claimant): "own" | "adopted" {
  const mark = readMark(root);
  const claim = claimOf(mark, what, claimant);
  return mark?.adopted === true ? "adopted" : claim;
}

function makerOf(owner: Owner | undefined, urn: string): string {
  if (owner === undefined) return "kvm-deploy did not create it";
  return `it belongs to ${owner.owner}${owner.owner === urn ? " in another state: that of a renamed or copied stack, or one that no longer manages it" : ""}`;
}

/** `urn:pulumi:STACK::PROJECT` */
export function stackOf(urn: string): string {
  return urn.split("::").slice(0, 2).join("::");
}

/**
 * With the same project, type and name: the stack may have been renamed, and the resource moved to another component.
 */
export function isNamesake(one: string, other: string): boolean {
  const [first, second] = [one, other].map((urn) => {
    const [, project, type = "", name] = urn.split("::");
    return [project, type.split("$").at(-1), name].join("::");
  });
  return first === second;
}

/** For an update: another resource has taken the thing over. @param what such as `network "lab"` */
export function notOursAnyMore(what: string, owner: Owner | undefined): KvmError {
  return new Conflict(`${what} ${belonging(owner)}`, {
    remedy: "Run `pulumi refresh`: this stack then stops managing it, and changes nothing on the host",
  });
}

/** For a refresh or a destroy: the same, which is no failure. */
export function letGo(what: string, owner: Owner | undefined, { warn }: Pick<Context, "warn">): void {
  warn(`${what} ${belonging(owner)}: this stack stops managing it, and changes nothing on the host`);
}

/** The state has the thing, and the host has no record of it. @param file the ledger's file of the record */
export function notInLedger(what: string, file: string): KvmError {
  return new KvmError(
    "not-found",
    `the state says that kvm-deploy created or took over ${what}, but ${file} is missing`,
    {
      remedy:
        "Restore that file from a backup; or, to leave the thing on the host and remove the resource from the state, run `pulumi state delete URN`",
    },
  );
}

function belonging(owner: Owner | undefined): string {
  return owner === undefined ? "is not the one that this resource created" : `belongs to ${owner.owner} now`;
}
