import type { EmbeddedLibvirt } from "../../tools/embedded/index";
import type { Figures } from "../index";
import { type Pair, secondsFor, withLibvirt, withPair } from "../stacks";
import { median, rounded, secondsOf } from "../statistics";
import { makeTwin } from "../twin";
import { type ByHand, byHand } from "./by-hand";

const sizes = [
  { count: 1, rounds: 5 },
  { count: 10, rounds: 3 },
  { count: 50, rounds: 3 },
] as const;
const looks = 3;

const operations = ["create", "preview", "refresh", "destroy"] as const;

type Ways = "ours" | "noOp" | "byHand";
/** Seconds of each run. */
type Times = Record<Ways, Record<(typeof operations)[number], number[]>>;

/**
 * Machines with a volume each: made, previewed and refreshed unchanged, and destroyed, against the same calls by hand
 * and against resources that do nothing.
 */
export function machinesFigures(log: (line: string) => void): Promise<Figures> {
  return withLibvirt(async (libvirt) => {
    const figures: Record<string, number> = {};
    for (const { count, rounds } of sizes) Object.assign(figures, await figuresOf(libvirt, count, rounds, log));
    return figures;
  });
}

function figuresOf(libvirt: EmbeddedLibvirt, count: number, rounds: number, log: (line: string) => void) {
  return withPair(libvirt, async (pair) => {
    const hand = await prepare(libvirt, pair, count, log);
    const times: Times = { ours: noTimes(), noOp: noTimes(), byHand: noTimes() };
    for (let round = 1; round <= rounds; round += 1) {
      log(`${count}: round ${round} of ${rounds}`);
      await addRound(times, pair, hand, count);
    }
    return summary(count, times);
  });
}

/** Makes them once: the twin is made after their state, and those by hand after their definitions. */
async function prepare(libvirt: EmbeddedLibvirt, { ours, twin }: Pair, count: number, log: (line: string) => void) {
  log(`${count}: making them once, to know what to compare with`);
  await ours.program(machinesProgram(count));
  await secondsFor(ours, "up");
  await makeTwin(ours, twin);
  const names = Array.from({ length: count }, (_, index) => `bench-${index}`);
  const hand = await byHand(libvirt.uri, names, ours.folder);
  await secondsFor(ours, "destroy");
  return hand;
}

function machinesProgram(count: number): string {
  return `for (let index = 0; index < ${count}; index += 1) {
    const name = "bench-" + index;
    const { id } = new kvm.Volume(name, { size: "1MiB" });
    new kvm.Machine(name, { memory: "16MiB", disks: [{ volume: id }], shutdownTimeout: "1s" });
  }`;
}

async function addRound(times: Times, pair: Pair, hand: ByHand, count: number): Promise<void> {
  for (const [way, stack] of [
    ["ours", pair.ours],
    ["noOp", pair.twin],
  ] as const) {
    times[way].create.push(await secondsFor(stack, "up", { create: 2 * count + 1 }));
    for (let look = 0; look < looks; look += 1) {
      times[way].preview.push(await secondsFor(stack, "preview", { same: 2 * count + 1 }));
      times[way].refresh.push(await secondsFor(stack, "refresh", { same: 2 * count + 1 }));
    }
    times[way].destroy.push(await secondsFor(stack, "destroy", { delete: 2 * count + 1 }));
  }
  for (const operation of ["create", "refresh", "destroy"] as const)
    times.byHand[operation].push(await secondsOf(() => hand[operation]()));
}

function noTimes() {
  return { create: [], preview: [], refresh: [], destroy: [] } as Times[Ways];
}

function summary(count: number, times: Times): Figures {
  const figures: Record<string, number> = {};
  for (const operation of operations) {
    const [ours, noOp, hand] = [times.ours, times.noOp, times.byHand].map((way) => median(way[operation]));
    if (ours === undefined || noOp === undefined || hand === undefined) continue;
    const key = `${operation}${count}`;
    figures[`${key}Seconds`] = rounded(ours);
    figures[`${key}OnTopOfNoOpSeconds`] = rounded(ours - noOp);
    figures[`${key}ToNoOp`] = rounded(ours / noOp);
    if (!Number.isNaN(hand)) figures[`${key}ToByHand`] = rounded(ours / hand);
  }
  return figures;
}
