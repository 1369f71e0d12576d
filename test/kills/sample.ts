import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { deaths, type Outcome, titleOf } from "./harness";
import { play } from "./play";
import { type Scenario, scenarios } from "./programs";

/** Each is a file of its own, so that they run side by side; by its place in the list, a part has a lane that no other has. */
const parts = ["storage", "networks", "machines"] as const;
type Part = (typeof parts)[number];

function partOf({ name }: Scenario): Part {
  if (["machine", "network under a guest", "reinstallation"].includes(name)) return "machines";
  return name.startsWith("network") ? "networks" : "storage";
}

/** Of what `npm run soak -- kills-each` plays. */
const oneWriteOf = { program: 4, daemon: 16, host: 16 };

/** Tests of a part of the scenarios. */
export function sampleOf(part: Part): void {
  const own = scenarios.filter((scenario) => partOf(scenario) === part);
  let outcomes: readonly Outcome[];
  before(async () => {
    const told = (line: string) => console.log(line);
    const result = await play({ scenarios: own, deaths, oneWriteOf, lanes: [parts.indexOf(part) + 1], told });
    outcomes = result.outcomes;
    console.log(`${result.writes} writes, ${result.points} points, of which ${outcomes.length} were played`);
  });

  describe("after a death behind any write, all is as without it", () => {
    for (const death of deaths)
      for (const { name, changes } of own)
        for (const change of changes)
          it(`${name}, ${change}, death of the ${death}`, () => {
            const played = outcomes.filter(
              ({ point }) => point.death === death && point.scenario.name === name && point.change === change,
            );
            assert.notEqual(played.length, 0);
            const faulty = played.filter(({ faults }) => faults.length > 0);
            assert.deepEqual(
              faulty.map(({ point, faults }) => [titleOf(point), ...faults]),
              [],
            );
          });
  });
}
