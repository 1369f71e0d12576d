import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { before, describe, it } from "node:test";
import { type FollowUp, type Outcome, titleOf } from "./harness";
import { play, type Played } from "./play";
import { type Change, scenarios } from "./programs";

/** One of so many points; `npm run soak -- kills-each` plays all, also the daemon's and the host's deaths. */
const oneOf = 5;

/** What isn't mended yet. */
const open: readonly { readonly change: Change; readonly followUp: FollowUp; readonly why: string }[] = [
  {
    ...{ change: "update", followUp: "put back" },
    why: "to `up`, nothing has changed: only a refresh sees what was done",
  },
  {
    ...{ change: "delete", followUp: "put back" },
    why: "to `up`, nothing has changed: only a refresh sees what was done",
  },
  {
    ...{ change: "delete", followUp: "refresh and up" },
    why: "a refresh that finds it gone leaves its note on the host",
  },
];

function isOpen({ point }: Outcome): boolean {
  return open.some(({ change, followUp }) => change === point.change && followUp === point.followUp);
}

describe("after a death of the program behind any of its writes, all is as without it", () => {
  let played: Played;
  before(async () => {
    const told = (line: string) => console.log(line);
    played = await play({ scenarios, deaths: ["program"], oneOf, lanes: availableParallelism(), told });
    const { writes, points, outcomes } = played;
    console.log(`${writes} writes, ${points} points, of which ${outcomes.length} were played`);
  });

  const faultsOf = (isAmong: (outcome: Outcome) => boolean) =>
    played.outcomes
      .filter((outcome) => isAmong(outcome) && outcome.faults.length > 0)
      .map(({ point, faults }) => [titleOf(point), ...faults]);

  for (const { name, changes } of scenarios) {
    for (const change of changes) {
      it(`${name}: ${change}`, () => {
        const isOwn = ({ point }: Outcome) => point.scenario.name === name && point.change === change;
        assert.ok(played.outcomes.some(isOwn));
        assert.deepEqual(
          faultsOf((outcome) => isOwn(outcome) && !isOpen(outcome)),
          [],
        );
      });
    }
  }

  for (const { change, followUp, why } of open) {
    it(`${change}, then ${followUp}`, { todo: why }, () => {
      const isOwn = ({ point }: Outcome) => point.change === change && point.followUp === followUp;
      assert.deepEqual(faultsOf(isOwn), []);
    });
  }
});
