import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { before, describe, it } from "node:test";
import { type Death, titleOf } from "./harness";
import { play, type Played } from "./play";
import { scenarios } from "./programs";

/** A part of what `npm run soak -- kills-each` plays. */
const oneWriteOf: Readonly<Record<Death, number>> = { program: 4, daemon: 16, host: 16 };

for (const [death, writes] of Object.entries(oneWriteOf) as [Death, number][]) {
  describe(`after a death of the ${death} behind any write, all is as without it`, () => {
    let result: Played;
    before(async () => {
      const told = (line: string) => console.log(line);
      const plan = { scenarios, deaths: [death], played: { oneWriteOf: writes }, lanes: availableParallelism(), told };
      result = await play(plan);
      console.log(`${result.writes} writes, ${result.points} points, of which ${result.outcomes.length} were played`);
    });

    for (const { name, changes } of scenarios) {
      for (const change of changes) {
        it(`${name}: ${change}`, () => {
          const own = result.outcomes.filter(({ point }) => point.scenario.name === name && point.change === change);
          assert.notEqual(own.length, 0);
          const faulty = own.filter(({ faults }) => faults.length > 0);
          assert.deepEqual(
            faulty.map(({ point, faults }) => [titleOf(point), ...faults]),
            [],
          );
        });
      }
    }
  });
}
