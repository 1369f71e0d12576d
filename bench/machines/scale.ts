import type { TestStack } from "../../test/pulumi/support";
import type { EmbeddedLibvirt } from "../../tools/embedded/index";
import type { Figures } from "../index";
import { type Pair, secondsFor, withLibvirt, withPair } from "../stacks";
import { median, rounded } from "../statistics";
import { makeTwin } from "../twin";
import { peakMemoryOf } from "./peak-memory";

/** Each is reached from the one before, so that the last machines tell what one costs beside so many others. */
const counts = [100, 300, 500, 1000];
const looks = 3;

/** What one more machine costs among many that are defined and don't run, and how much memory the provider takes. */
export function scaleFigures(log: (line: string) => void): Promise<Figures> {
  return withLibvirt((libvirt: EmbeddedLibvirt) =>
    withPair(libvirt, async (pair) => {
      const figures: Record<string, number> = {};
      let before = 0;
      for (const count of counts) {
        log(`from ${before} to ${count}`);
        Object.assign(figures, await grow(pair, before, count));
        before = count;
      }
      log(`destroying ${before}`);
      figures[`destroy${before}MillisecondsEach`] = perMachine(await secondsFor(pair.ours, "destroy"), before);
      return figures;
    }),
  );
}

async function grow({ ours, twin }: Pair, before: number, count: number): Promise<Figures> {
  await ours.program(`for (let index = 0; index < ${count}; index += 1)
    new kvm.Machine("bench-" + index, { memory: "16MiB", running: false });`);
  const made = { create: before === 0 ? count + 1 : count - before };
  const create = await creation(ours, made);
  await makeTwin(ours, twin);
  const createTwin = await creation(twin, made);
  return {
    [`create${count}MillisecondsEach`]: perMachine(create.seconds, count - before),
    [`create${count}OnTopOfNoOpMillisecondsEach`]: perMachine(create.seconds - createTwin.seconds, count - before),
    [`preview${count}ToNoOp`]: await ratioOf({ ours, twin }, "preview", count),
    [`refresh${count}ToNoOp`]: await ratioOf({ ours, twin }, "refresh", count),
    [`provider${count}PeakMegabytes`]: rounded(create.peak),
    [`provider${count}NoOpPeakMegabytes`]: rounded(createTwin.peak),
  };
}

/** Of all operations the one that takes most memory. */
async function creation(stack: TestStack, made: Readonly<Record<string, number>>) {
  let seconds = 0;
  const peak = await peakMemoryOf(stack.folder, async () => {
    seconds = await secondsFor(stack, "up", made);
  });
  return { seconds, peak };
}

async function ratioOf({ ours, twin }: Pair, operation: "preview" | "refresh", count: number): Promise<number> {
  const times = { ours: [] as number[], twin: [] as number[] };
  for (let look = 0; look < looks; look += 1) {
    times.ours.push(await secondsFor(ours, operation, { same: count + 1 }));
    times.twin.push(await secondsFor(twin, operation, { same: count + 1 }));
  }
  return rounded(median(times.ours) / median(times.twin));
}

function perMachine(seconds: number, count: number): number {
  return rounded((seconds * 1000) / count);
}
