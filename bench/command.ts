import { type CommandSite, commandSite } from "../test/pulumi/command";
import type { Figures } from "./index";
import { makeTwin } from "./twin";
import { median, rounded, secondsOf } from "./statistics";
import { type Pair, secondsFor, withLibvirt, withPair } from "./stacks";

const counts = [1, 10, 100];
const repetitions = 5;
const operations = ["preview", "up"] as const;

/** Preview and up of unchanged machines by the command, against `pulumi` itself and resources that do nothing. */
export function commandFigures(log: (line: string) => void): Promise<Figures> {
  return withLibvirt(async (libvirt) => {
    const figures: Record<string, number> = {};
    for (const count of counts) {
      const lab = commandSite(libvirt.uri);
      try {
        log(`making ${count} machines by the command and by pulumi`);
        Object.assign(figures, await withPair(libvirt, (pair) => compare(lab, pair, count, log)));
      } finally {
        await lab.run("destroy", "--yes");
        lab.remove();
      }
    }
    return figures;
  });
}

async function compare(lab: CommandSite, pair: Pair, count: number, log: (line: string) => void): Promise<Figures> {
  const names = Array.from({ length: count }, (_, index) => `bench-${index}`);
  const entry = (prefix: string, name: string) => `  ${prefix}${name}: { memory: 16MiB, running: false }\n`;
  lab.write(`machines:\n${names.map((name) => entry("c-", name)).join("")}`);
  await succeed(lab, "up");
  await pair.ours.program(
    `for (const name of ${JSON.stringify(names)}) new kvm.Machine("p-" + name, { memory: "16MiB", running: false });`,
  );
  await secondsFor(pair.ours, "up");
  await makeTwin(pair.ours, pair.twin);
  await secondsFor(pair.twin, "up");
  const figures: Record<string, number> = {};
  for (const operation of operations) {
    log(`${operation} of ${count}, ${repetitions} times each`);
    const times = { command: [] as number[], pulumi: [] as number[], noOp: [] as number[] };
    for (let turn = 0; turn < repetitions; turn += 1) {
      times.command.push(await secondsOf(() => succeed(lab, operation)));
      times.pulumi.push(await secondsFor(pair.ours, operation));
      times.noOp.push(await secondsFor(pair.twin, operation));
    }
    const [command, pulumi, noOp] = [times.command, times.pulumi, times.noOp].map(median);
    figures[`${operation}${count}ToPulumi`] = rounded((command ?? NaN) / (pulumi ?? NaN));
    figures[`${operation}${count}ToNoOp`] = rounded((command ?? NaN) / (noOp ?? NaN));
    figures[`${operation}${count}Seconds`] = rounded(command ?? NaN);
  }
  return figures;
}

async function succeed(lab: CommandSite, operation: "preview" | "up"): Promise<void> {
  const { code, out, err } = await lab.run(operation, ...(operation === "up" ? ["--yes"] : []));
  if (code !== 0) throw new Error(out + err);
}
