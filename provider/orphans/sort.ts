import { type Known, type StackName, stackOf } from "./stacks";
import type { Thing } from "./thing";

/** The things on a host, by whether a stack still has them. */
export interface Sorted {
  /** Things of the given stacks that none of their states has, and things that no stack can have. */
  readonly orphans: readonly Thing[];
  /** Things of stacks whose states were not given: it is unknown whether they are in use. */
  readonly others: readonly Thing[];
  /** Things whose owner can't be proven. */
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

/** Whether its name is that of a machine's log; a full log is renamed with a number at its end. */
export function isLogOf(file: string, machine: string): boolean {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return (
    name.startsWith(`${machine}.`) &&
    /^((installer\.)?log(\.\d+)?|installer\.png)$/.test(name.slice(machine.length + 1))
  );
}
