import { type Death, Harness, type Outcome, type Point, titleOf } from "./harness";
import type { Change, Scenario } from "./programs";

export interface Plan {
  readonly scenarios: readonly Scenario[];
  readonly deaths: readonly Death[];
  /** Behind one of so many writes one follow-up is played, each in its turn; undefined: all behind all. */
  readonly oneWriteOf: Readonly<Record<Death, number>> | undefined;
  /** Numbers of lanes that nobody else has: so many libvirtds work at a time. */
  readonly lanes: readonly number[];
  readonly told: (line: string) => void;
}

export interface Played {
  readonly outcomes: readonly Outcome[];
  /** Of all that there are. */
  readonly points: number;
  readonly writes: number;
}

interface Task {
  readonly scenario: Scenario;
  readonly change: Change;
  readonly death: Death;
}

/** Plays the points, and tells each fault at once. */
export async function play({ scenarios, deaths, oneWriteOf, lanes, told }: Plan): Promise<Played> {
  const tasks: Task[] = deaths.flatMap((death) =>
    scenarios.flatMap((scenario) => scenario.changes.map((change) => ({ scenario, change, death }))),
  );
  const outcomes: Outcome[] = [];
  let [points, writes] = [0, 0];
  const work = async (number: number) => {
    const harness = await Harness.start(number);
    try {
      for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
        const all = await harness.pointsOf(task.scenario, task.change, task.death);
        points += all.length;
        writes += all.at(-1)?.of ?? 0;
        for (const point of oneWriteOf === undefined ? all : chosenOf(all, oneWriteOf[task.death])) {
          const outcome = await harness.play(point);
          outcomes.push(outcome);
          if (outcome.faults.length > 0)
            told([titleOf(point), ...outcome.faults.map((fault) => `    ${fault}`)].join("\n"));
        }
        told(`${task.scenario.name}, ${task.change}, death of the ${task.death}: ${summary(all)}`);
      }
    } finally {
      await harness.stop();
    }
  };
  await Promise.all(lanes.map(work));
  return { outcomes, points, writes };
}

function chosenOf(all: readonly Point[], oneWriteOf: number): Point[] {
  return all.filter(({ write, of }, index) => {
    const [place, followUps] = [write - 1, all.length / of];
    return place % oneWriteOf === 0 && index % followUps === (place / oneWriteOf) % followUps;
  });
}

function summary(points: readonly Point[]): string {
  const writes = points.at(-1)?.of ?? 0;
  return `${writes} ${writes === 1 ? "write" : "writes"}, ${points.length} points`;
}
