import { availableParallelism } from "node:os";
import { type Death, deaths } from "../kills/harness";
import { play } from "../kills/play";
import { scenarios } from "../kills/programs";
import { optionsOf } from "./options";

/**
 * A death behind each write of each create, update and delete, and all that may come next: [--death program|daemon|host]
 * [--only SCENARIO] [--one-write-of N] [--lanes N].
 */
export async function killsEach(args: readonly string[]): Promise<boolean> {
  const options = optionsOf(args, ["death", "only", "one-write-of", "lanes"]);
  const { death, only, "one-write-of": oneWriteOf, lanes } = options;
  const played = await play({
    scenarios: scenarios.filter(({ name }) => only === undefined || name === only),
    deaths: deaths.filter((one) => death === undefined || one === death),
    oneWriteOf: oneWriteOf === undefined ? undefined : sameForAll(Number(oneWriteOf)),
    lanes: Array.from({ length: Number(lanes ?? availableParallelism()) }, (_, index) => index + 1),
    told: (line) => console.log(line),
  });
  const bad = played.outcomes.filter(({ faults }) => faults.length > 0);
  console.log(
    `${played.writes} writes, ${played.points} points, ${played.outcomes.length} played, ${bad.length} with faults`,
  );
  return bad.length === 0;
}

function sameForAll(number: number): Record<Death, number> {
  return { program: number, daemon: number, host: number };
}
