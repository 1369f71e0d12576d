import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeLoadingOurs } from "../pulumi/preload";
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
      // What makes all takes as long, whether it is of the old or of the new.
      const longest = milliseconds[present === "none" ? "old" : target];
      const [victim, delay] = [random.oneOf(["CLI", "provider"] as const), random.below(longest)];
      const { wasThere, faults } = await playRound(site, stack, { target, victim, delay, expected: expected[target] });
      const death = wasThere ? "killed" : "had ended";
      const title = `round ${round}: ${present} to ${target}, the ${victim} ${death} ${delay} ms after the provider's first call`;
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

/** What is there in the end, and how long the provider lives until then. */
async function withoutDeath(site: SoakSite, stack: TestStack) {
  const expected: Record<Variant, readonly string[]> = { old: [], new: [], none: [] };
  const milliseconds: Record<Variant, number> = { old: 0, new: 0, none: 0 };
  for (const variant of ["old", "new", "none"] as const) {
    await stack.program(programs[variant]);
    const { cli, exited } = await startUp(site, stack);
    const begin = Date.now();
    await exited;
    milliseconds[variant] = Date.now() - begin;
    if (cli.exitCode !== 0) throw new Error(`up fails without any death: ${(await stack.up()).text}`);
    expected[variant] = await site.listing();
  }
  return { expected, milliseconds };
}

interface Round {
  readonly target: Variant;
  readonly victim: "CLI" | "provider";
  readonly delay: number;
  readonly expected: readonly string[];
}

async function playRound(site: SoakSite, stack: TestStack, { target, victim, delay, expected }: Round) {
  await stack.program(programs[target]);
  const wasThere = await killed(site, stack, victim, delay);
  return { wasThere, faults: await afterDeath(site, stack, expected) };
}

async function afterDeath(site: SoakSite, stack: TestStack, expected: readonly string[]): Promise<string[]> {
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

/** Starts an up, and kills a part of it. @returns whether that was still there: an up that is quicker is none the worse */
async function killed(site: SoakSite, stack: TestStack, victim: Round["victim"], delay: number): Promise<boolean> {
  const { cli, exited, provider } = await startUp(site, stack);
  await Promise.race([setTimeout(delay), exited]);
  const pid = victim === "CLI" ? cli.pid : provider;
  const wasThere = pid !== undefined && cli.exitCode === null;
  if (wasThere) killIfThere(pid);
  await exited;
  return wasThere;
}

/** An up whose provider has begun to load ours: before that, it changes nothing. */
async function startUp({ enter }: SoakSite, stack: TestStack) {
  const mark = path.join(stack.folder, "loading");
  rmSync(mark, { force: true });
  const preload = beforeLoadingOurs(
    stack.folder,
    `require("node:fs").writeFileSync(${JSON.stringify(mark)}, String(process.pid));`,
  );
  const args = [...enter, "pulumi", "up", "--yes", "--skip-preview", ...stack.flags];
  const env = { ...process.env, ...stack.env, NODE_OPTIONS: `--require ${preload}` };
  const cli = spawn("env", args, { cwd: stack.folder, env, stdio: "ignore" });
  const exited = once(cli, "exit");
  const find = () => (existsSync(mark) ? Number(readFileSync(mark, "utf8")) : 0);
  while (find() === 0 && cli.exitCode === null) await setTimeout(20);
  const provider = find();
  return { cli, exited, provider: provider === 0 ? undefined : provider };
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
