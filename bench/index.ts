/**
 * npm run bench [-- NAME]: the figures of the README, as ratios measured in one run.
 * npm run bench -- --json NAME: one group of them as one JSON object.
 */
import { commandFigures } from "./command";
import { changesFigures } from "./machines/changes";
import { machinesFigures } from "./machines/index";
import { scaleFigures } from "./machines/scale";
import { previewFigures } from "./preview";
import { remasterFigures } from "./remaster";
import { sizeFigures } from "./sizes";

export type Figures = Readonly<Record<string, number>>;

/** @param log says how far it is, for what takes long */
type Bench = (log: (line: string) => void) => Promise<Figures>;

const benches: Readonly<Record<string, Bench>> = {
  remaster: remasterFigures,
  sizes: sizeFigures,
  preview: previewFigures,
  command: commandFigures,
  machines: machinesFigures,
  changes: changesFigures,
  scale: scaleFigures,
};

async function main(args: readonly string[]): Promise<void> {
  const isJson = args.includes("--json");
  const named = args.filter((arg) => !arg.startsWith("--"));
  const unknown = named.find((name) => benches[name] === undefined);
  if (unknown !== undefined || (isJson && named.length !== 1)) {
    throw new Error(`name ${isJson ? "one" : "some"} of ${Object.keys(benches).join(", ")}`);
  }
  for (const [name, bench] of Object.entries(benches)) {
    if (named.length > 0 && !named.includes(name)) continue;
    const figures = await bench((line) => console.error(`${name}: ${line}`));
    if (isJson) console.log(JSON.stringify(figures));
    else console.table(Object.fromEntries(Object.entries(figures).map(([key, value]) => [`${name} ${key}`, value])));
  }
}

void main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
