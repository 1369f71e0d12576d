import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { before, describe, it } from "node:test";
import { deaths, type Outcome, titleOf } from "./harness";
import { play } from "./play";
import { scenarios } from "./programs";

/** A part of what `npm run soak -- kills-each` plays. */
const oneWriteOf = { program: 4, daemon: 16, host: 16 };

describe("after a death behind any write, all is as without it", () => {
  let outcomes: readonly Outcome[];
  before(async () => {
    const told = (line: string) => console.log(line);
    const result = await play({ scenarios, deaths, oneWriteOf, lanes: availableParallelism(), told });
    outcomes = result.outcomes;
    console.log(`${result.writes} writes, ${result.points} points, of which ${outcomes.length} were played`);
  });

  for (const death of deaths)
    for (const { name, changes } of scenarios)
      for (const change of changes)
        it(`${name}, ${change}, death of the ${death}`, () => {
          const own = outcomes.filter(
            ({ point }) => point.death === death && point.scenario.name === name && point.change === change,
          );
          assert.notEqual(own.length, 0);
          const faulty = own.filter(({ faults }) => faults.length > 0);
          assert.deepEqual(
            faulty.map(({ point, faults }) => [titleOf(point), ...faults]),
            [],
          );
        });
});
