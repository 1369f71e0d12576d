import type { Element } from "../format/xml";
import { readMark } from "../libvirt/mark";
import { Conflict, type ErrorDetails, KvmError } from "../values/errors";
import type { Owner } from "../values/identity";
import type { Context } from "./handler";

/** Whether a thing that exists already may be taken over: one without a mark (true), or the one of that owner (its URN). */
export type Adopt = boolean | string;

export interface Claimant {
  readonly urn: string;
  readonly identity: string;
  readonly adopt: Adopt;
}

/**
 * A thing exists that was made under the name of who asks, by another identity. It is either that one's own, which is about
 * to be replaced (by `--replace` the engine tells nothing of that, and a renamed stack has another URN), or the one of a
 * namesake in another state.
 */
export class Namesake extends Conflict {
  /** What is to be said while it can't be known. */
  readonly doubt: string;

  constructor(what: string, reason: string, details: ErrorDetails) {
    super(`${what} exists already, and ${reason}`, details);
    this.name = "Namesake";
    this.doubt = `${what} exists already, and ${reason}. Where this stack's state has it, it is replaced; where it has not, up refuses to touch it`;
  }
}

/**
 * Whether a thing that exists is the claimant's already, or becomes so now.
 * @param owner undefined when kvm-deploy has not marked it
 * @param what such as `a network named "lab"`
 * @throws Conflict when it is somebody else's
 */
export function claimOf(owner: Owner | undefined, what: string, { urn, identity, adopt }: Claimant): "own" | "adopted" {
  if (owner?.identity === identity) return "own";
  if (owner === undefined ? adopt === true : adopt === owner.owner) return "adopted";
  const reason = makerOf(owner, urn);
  const remedy = `To take it over as it is, set adopt to ${owner === undefined ? "true" : "that URN"}; else choose another name, or remove it first`;
  const details = { property: "name", remedy };
  if (owner !== undefined && isNamesake(owner.owner, urn)) throw new Namesake(what, reason, details);
  throw new Conflict(`${what} exists already, and ${reason}`, details);
}

/**
 * The thing of that name when it is the claimant's, or becomes so by `adopt`; also when that was cut off.
 * @throws Conflict when it is somebody else's
 */
export function claimRoot(root: Element, what: string, claimant: Claimant): "own" | "adopted" {
  const mark = readMark(root);
  const claim = claimOf(mark, what, claimant);
  return mark?.adopted === true ? "adopted" : claim;
}

function makerOf(owner: Owner | undefined, urn: string): string {
  if (owner === undefined) return "kvm-deploy did not make it";
  return `it belongs to ${owner.owner}${owner.owner === urn ? ", as which another state knows it: that of a renamed or copied stack, or one that let it go" : ""}`;
}

/** `urn:pulumi:STACK::PROJECT` */
export function stackOf(urn: string): string {
  return urn.split("::").slice(0, 2).join("::");
}

/** Of one project, type and name: the stack, and what they are parts of, may be called otherwise by now. */
export function isNamesake(one: string, other: string): boolean {
  const [first, second] = [one, other].map((urn) => {
    const [, project, type = "", name] = urn.split("::");
    return [project, type.split("$").at(-1), name].join("::");
  });
  return first === second;
}

/** Of an update: another resource has taken the thing over since. @param what such as `network "lab"` */
export function notOursAnyMore(what: string, owner: Owner | undefined): KvmError {
  return new Conflict(`${what} ${belonging(owner)}`, {
    remedy: "Run `pulumi refresh`, by which this stack lets it go; nothing of it is changed",
  });
}

/** Of a refresh or a destroy: the same, which is no failure. */
export function letGo(what: string, owner: Owner | undefined, { warn }: Pick<Context, "warn">): void {
  warn(`${what} ${belonging(owner)}: this stack lets it go, and nothing of it is changed`);
}

/** The state says that it is ours, and the host knows nothing of it. @param file the ledger's, where it should stand */
export function notInLedger(what: string, file: string): KvmError {
  return new KvmError("not-found", `the state says that kvm-deploy made or took over ${what}, but ${file} is missing`, {
    remedy:
      "Put that file back from a backup; or, to give the thing up and leave it on the host, run `pulumi state delete URN`",
  });
}

function belonging(owner: Owner | undefined): string {
  return owner === undefined ? "is not the one that this resource made" : `belongs to ${owner.owner} now`;
}
