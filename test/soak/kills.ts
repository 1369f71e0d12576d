import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { smallSite } from "../pulumi/programs";
import type { TestStack } from "../pulumi/support";
import { optionsOf } from "./options";
import { commandOf, processesWith } from "./processes";
import { newSeed, randomBy } from "./random";
import { type SoakSite, withSite } from "./site";

const programs = {
  old: smallSite("soak", 211),
  new: smallSite("soak", 211, { rangeEnd: "190", memory: "80MiB" }),
  none: "",
};
type Variant = keyof typeof programs;

/** Random kills of the CLI or its provider in up, update and destroy: [--rounds N] [--seed NUMBER]. */
export async function kills(args: readonly string[]): Promise<boolean> {
  const { rounds = "30", seed = String(newSeed()) } = optionsOf(args, ["rounds", "seed"]);
  console.log(`seed ${seed}`);
  const random = randomBy(Number(seed));
  return withSite("soak-kills", 1, async (site) => {
    const [stack] = site.stacks;
    if (stack === undefined) return false;
    const { expected, milliseconds } = await withoutDeath(site, stack);
    let bad = 0;
    let present: Variant = "none";
    for (let round = 1; round <= Number(rounds); round += 1) {
      const [first, ...others] = (["old", "new", "none"] as const).filter((variant) => variant !== present);
      if (first === undefined) return false;
      const target: Variant = random.oneOf([first, ...others]);
      const [victim, delay] = [random.oneOf(["CLI", "provider"] as const), random.below(milliseconds)];
      const faults = await playRound(site, stack, { target, victim, delay, expected: expected[target] });
      const title = `round ${round}: ${present} to ${target}, the ${victim} killed after ${delay} ms`;
      console.log(
        [`${title}: ${faults.length === 0 ? "fine" : "BAD"}`, ...faults.map((fault) => `    ${fault}`)].join("\n"),
      );
      bad += faults.length === 0 ? 0 : 1;
      present = target;
    }
    await stack.program(programs.none);
    await stack.up();
    console.log(`${rounds} rounds, ${bad} with faults, seed ${seed}`);
    return bad === 0;
  });
}

async function withoutDeath(site: SoakSite, stack: TestStack) {
  const begin = Date.now();
  const expected: Record<Variant, readonly string[]> = { old: [], new: [], none: [] };
  for (const variant of ["old", "new", "none"] as const) {
    await stack.program(programs[variant]);
    const { ok, text } = await stack.up();
    if (!ok) throw new Error(text);
    expected[variant] = await site.listing();
  }
  return { expected, milliseconds: Math.ceil((Date.now() - begin) / 3) };
}

interface Round {
  readonly target: Variant;
  readonly victim: "CLI" | "provider";
  readonly delay: number;
  readonly expected: readonly string[];
}

async function playRound(site: SoakSite, stack: TestStack, { target, victim, delay, expected }: Round) {
  await stack.program(programs[target]);
  await killed(stack, victim, delay);
  const faults = await ended(stack);
  await stack.pulumi("cancel", "--yes").catch(() => undefined);
  const { ok, text } = await stack.up();
  if (!ok) return [...faults, `the next up fails: ${text}`];
  const preview = await stack.preview();
  const isEmpty = Object.keys(preview.changes).every((change) => change === "same");
  if (!preview.ok || !isEmpty) faults.push(`the preview is not empty: ${preview.text}`);
  const now = await site.listing();
  return [
    ...faults,
    ...expected.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !expected.includes(line)).map((line) => `+ ${line}`),
  ];
}

/** Starts an up, and kills a part of it. One that has ended before is none the worse. */
async function killed(stack: TestStack, victim: Round["victim"], delay: number): Promise<void> {
  const args = ["up", "--yes", "--skip-preview", ...stack.flags];
  const cli = spawn("pulumi", args, { cwd: stack.folder, env: { ...process.env, ...stack.env }, stdio: "ignore" });
  const exited = once(cli, "exit");
  await Promise.race([setTimeout(delay), exited]);
  const [provider] = processesOf(stack).filter((pid) => commandOf(pid).includes("dynamic-provider"));
  const pid = victim === "CLI" ? cli.pid : provider;
  if (pid !== undefined && cli.exitCode === null) killIfThere(pid);
  await exited;
}

/** Ours end by themselves, within the time that a machine has to power off; Pulumi's own language host lives on. */
async function ended(stack: TestStack): Promise<string[]> {
  const isPulumis = (pid: number) => /pulumi-language|pulumi-nodejs\/run|cmd\/run/.test(commandOf(pid));
  const ours = () => processesOf(stack).filter((pid) => !isPulumis(pid));
  const until = Date.now() + 60_000;
  while (ours().length > 0 && Date.now() < until) await setTimeout(200);
  const left = ours().map((pid) => `a process is left: ${commandOf(pid)}`);
  for (const pid of processesOf(stack)) killIfThere(pid);
  return left;
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

function processesOf(stack: TestStack): number[] {
  return processesWith(`PULUMI_BACKEND_URL=file://${stack.folder}`);
}
