import { setTimeout } from "node:timers/promises";
import { smallSite } from "../pulumi/programs";
import type { TestStack } from "../pulumi/support";
import { optionsOf } from "./options";
import { newSeed, type Random, randomBy } from "./random";
import { type SoakSite, withSite } from "./site";

/** Two programs on one host at once: [--rounds N] [--seed NUMBER]. */
export async function rivals(args: readonly string[]): Promise<boolean> {
  const { rounds = "10", seed = String(newSeed()) } = optionsOf(args, ["rounds", "seed"]);
  console.log(`seed ${seed}`);
  const random = randomBy(Number(seed));
  return withSite("soak-rivals", 2, async (site) => {
    let bad = 0;
    for (let round = 1; round <= Number(rounds); round += 1) {
      const kind = random.oneOf(["other names", "same names", "same URNs", "same stack"] as const);
      const faults = await contests[kind](site, random);
      console.log([`round ${round}, ${kind}: ${faults.length === 0 ? "fine" : "BAD"}`, ...faults].join("\n    "));
      bad += faults.length === 0 ? 0 : 1;
    }
    console.log(`${rounds} rounds, ${bad} with faults, seed ${seed}`);
    return bad === 0;
  });
}

type Contest = (site: SoakSite, random: Random) => Promise<string[]>;

const contests: Readonly<Record<"other names" | "same names" | "same URNs" | "same stack", Contest>> = {
  /** Both are made, and both go. */
  "other names": async (site, random) => {
    const [one, other] = pairOf(site);
    const before = await site.listing();
    await one.program(smallSite("rival-a", 212));
    await other.program(smallSite("rival-b", 213));
    const made = await atOnce(
      random,
      () => one.up(),
      () => other.up(),
    );
    const gone = await atOnce(
      random,
      () => one.destroy(),
      () => other.destroy(),
    );
    const faults = [...made, ...gone].flatMap(({ ok, text }) => (ok ? [] : [text]));
    return [...faults, ...left(before, await site.listing())];
  },

  /** As of two stacks of one project. */
  "same names": async (site, random) => {
    const [, other] = pairOf(site);
    await other.pulumi("stack", "rename", "rival");
    try {
      return await forTheSame(site, random);
    } finally {
      await other.pulumi("stack", "rename", "test");
    }
  },

  /** As of two copies of a project, each with a state of its own. */
  "same URNs": forTheSame,

  /** Pulumi lets one in at a time. */
  "same stack": async (site, random) => {
    const [one] = pairOf(site);
    const before = await site.listing();
    await one.program(smallSite("rival-c", 215));
    const outcomes = await atOnce(
      random,
      () => one.up(),
      () => one.up(),
    );
    const faults = outcomes.flatMap(({ ok, text }) => (ok || /is currently locked/.test(text) ? [] : [text]));
    const { ok, text } = await one.destroy();
    return [...faults, ...(ok ? [] : [text]), ...left(before, await site.listing())];
  },
};

/** What one has, the other is refused; neither destroy takes the other's things. */
async function forTheSame(site: SoakSite, random: Random): Promise<string[]> {
  const [one, other] = pairOf(site);
  // Whatever comes of it, so that a seed gives the same rounds.
  const isLoserFirst = random.below(2) === 0;
  const before = await site.listing();
  for (const stack of [one, other]) await stack.program(smallSite("rival", 214));
  const outcomes = await atOnce(
    random,
    () => one.up(),
    () => other.up(),
  );
  const losers = outcomes.filter(({ ok }) => !ok);
  const faults = losers
    .filter(({ text }) => !/exists already|belongs to|subnet|overlap|the same resource/.test(text))
    .map(({ text }) => `refused for another reason: ${text}`);
  if (losers.length === 0) faults.push("both have made things of the same names");
  if (losers.length === 1 && isLoserFirst)
    faults.push(...(await losersDestroy(site, outcomes[0]?.ok === true ? other : one)));
  const destroyed = await atOnce(
    random,
    () => one.destroy(),
    () => other.destroy(),
  );
  faults.push(...destroyed.flatMap(({ ok, text }) => (ok ? [] : [text])));
  return [...faults, ...left(before, await site.listing())];
}

/** It has nothing to destroy. */
async function losersDestroy(site: SoakSite, loser: TestStack): Promise<string[]> {
  const before = await site.listing();
  const { ok, text } = await loser.destroy();
  return [...(ok ? [] : [text]), ...left(before, await site.listing())];
}

async function atOnce<T>(random: Random, one: () => Promise<T>, other: () => Promise<T>): Promise<T[]> {
  const delays = [random.below(1500), random.below(1500)];
  return Promise.all(
    [one, other].map(async (work, index) => {
      await setTimeout(delays[index]);
      return work();
    }),
  );
}

function pairOf({ stacks: [one, other] }: SoakSite): [TestStack, TestStack] {
  if (one === undefined || other === undefined) throw new Error("two stacks are needed");
  return [one, other];
}

function left(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...after.filter((line) => !before.includes(line)).map((line) => `left: ${line}`),
    ...before.filter((line) => !after.includes(line)).map((line) => `gone: ${line}`),
  ];
}
