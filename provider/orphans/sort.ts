import { type Known, type StackName, stackOf } from "./stacks";
import type { Thing } from "./thing";

/** What is on a host, by whether somebody still has it. */
export interface Sorted {
  /** They belong to stacks whose states were given, and are in none of them; or nobody can have them. */
  readonly orphans: readonly Thing[];
  /** They were made by stacks whose states were not given: nothing can be told of them. */
  readonly others: readonly Thing[];
  /** They may be anybody's. */
  readonly unproven: readonly Thing[];
}

/** @param isAll whether the given states are those of all stacks that were ever used on the host */
export function sorted(things: readonly Thing[], known: Known, isAll: boolean): Sorted {
  const left = things.filter((thing) => !isKnown(thing, known));
  const isUnproven = ({ target }: Thing) => target.by === "nobody";
  const isOrphan = ({ owner }: Thing) =>
    isAll || (owner === undefined ? known.stacks.length > 0 : isAmong(stackOf(owner.owner), known.stacks));
  const proven = left.filter((thing) => !isUnproven(thing));
  return {
    orphans: proven.filter(isOrphan),
    others: proven.filter((thing) => !isOrphan(thing)),
    unproven: left.filter(isUnproven),
  };
}

function isKnown({ kind, name, owner, target }: Thing, { identities, macs, machines }: Known): boolean {
  if (owner !== undefined && identities.has(owner.identity)) return true;
  if (kind === "reservation") return macs.has(name.slice(name.indexOf("/") + 1));
  return target.by === "log" && [...machines].some((machine) => isLogOf(target.file, machine));
}

function isAmong(stack: StackName | undefined, stacks: readonly StackName[]): boolean {
  return stacks.some((known) => known.stack === stack?.stack && known.project === stack.project);
}

/** Whether it is called like a machine's log; a full one is moved to the same name with a number. */
export function isLogOf(file: string, machine: string): boolean {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return name.startsWith(`${machine}.`) && /^(installer\.)?log(\.\d+)?$/.test(name.slice(machine.length + 1));
}
