import path from "node:path";
import { z } from "zod";
import { loadDocument } from "../../provider/format/yaml/load";
import { readTextSync } from "../../provider/host/program-files";

const subnet = z.object({ subnet: z.string() });
const nic = z.object({ network: z.string(), address: z.string().optional() });
/** What is drawn of an example. */
const shape = z.object({
  networks: z.record(z.string(), z.object({ mode: z.string(), guests: subnet.optional(), ipv4: subnet.optional() })),
  machines: z.record(z.string(), z.object({ nics: z.array(nic) })),
  // Of the router, whose own template gives the second interface its address.
  data: z.object({ inside: z.object({ address: z.string() }) }).optional(),
});

export type Example = z.infer<typeof shape>;

const meanings: Readonly<Record<string, string>> = {
  bridge: "a bridge of the host",
  nat: "NAT: the host is the router",
  isolated: "isolated: the host has no address here",
};

const [columnWidth, gap, margin, boxHeight] = [250, 30, 20, 48];
const machineTop = 160;
/** The networks of the host are above the machines, the isolated ones below. */
const tops: Readonly<Record<string, number>> = { bridge: margin, nat: margin };
const [firstBelow, distanceBelow] = [300, 120];

export function renderTopology(root: string): string {
  const examples = [1, 2, 3].map((number) => {
    const file = path.join(root, `examples/example${number}/example${number}.yaml`);
    return shape.parse(loadDocument(file, { read: readTextSync }).value);
  });
  return topology(examples);
}

/** A picture with a column for each example. */
export function topology(examples: readonly Example[]): string {
  const networks = networksOf(examples);
  const lines = examples.flatMap((example, column) => linesOf(example, column, networks));
  const boxes = [
    ...[...networks].map(([name, network]) => networkBox(name, network)),
    ...examples.flatMap(({ machines }, column) => Object.keys(machines).map((name) => machineBox(name, column))),
  ];
  const lowest = Math.max(...[...networks.values()].map(({ top }) => top));
  const [width, height] = [leftOf(examples.length) - gap + margin, lowest + boxHeight + margin];
  const texts = lines.map(({ text }) => text);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-labelledby="title desc">
<!-- Made by tools/generate.ts from the YAML files of the examples; change those, and run it again. -->
<title id="title">The networks and machines of the examples 1 to ${examples.length}</title>
<desc id="desc">${lines.map(({ description }) => description).join("; ")}</desc>
<style>
svg { --page: #ffffff; --text: #1f2328; --dim: #59636e; --network: #ddf4ff; --machine: #dafbe1; --line: #59636e }
@media (prefers-color-scheme: dark) { svg { --page: #0d1117; --text: #e6edf3; --dim: #9198a1; --network: #10304f; --machine: #123d20; --line: #9198a1 } }
text { font: 14px system-ui, sans-serif; fill: var(--text) } .name { font-weight: 600 } .dim { fill: var(--dim); font-size: 13px }
.network { fill: var(--network) } .machine { fill: var(--machine) } path { stroke: var(--line); stroke-width: 2 } circle { fill: var(--line) }
</style>
<rect width="100%" height="100%" rx="8" fill="var(--page)"/>
${[...boxes, ...lines.map(({ line }) => line), ...texts].join("\n")}
</svg>
`;
}

interface Network {
  readonly mode: string;
  readonly subnet: string;
  readonly columns: readonly number[];
  readonly top: number;
}

/** Each network once, with the columns of its machines. */
function networksOf(examples: readonly Example[]): ReadonlyMap<string, Network> {
  const found = new Map<string, Network>();
  let below = 0;
  for (const [column, { networks }] of examples.entries())
    for (const [name, { mode, guests, ipv4 }] of Object.entries(networks)) {
      const known = found.get(name);
      const top = known?.top ?? tops[mode] ?? firstBelow + distanceBelow * below++;
      const columns = [...(known?.columns ?? []), column];
      found.set(name, { mode, top, columns, subnet: (guests ?? ipv4)?.subnet ?? "" });
    }
  return found;
}

interface Line {
  readonly line: string;
  readonly text: string;
  readonly description: string;
}

/** The NICs of an example's machines: lines to their networks, with the addresses at their ends. */
function linesOf({ machines, data }: Example, column: number, networks: ReadonlyMap<string, Network>): Line[] {
  return Object.entries(machines).flatMap(([machine, { nics }]) =>
    nics.map(({ network: name, address = data?.inside.address.replace(/\/.*/, "") ?? "" }) => {
      const network = networks.get(name);
      if (network === undefined) throw new Error(`${machine} has a NIC in ${name}, which is no network of the example`);
      const isAbove = network.top < machineTop;
      const below = nics.filter((other) => (networks.get(other.network)?.top ?? 0) > machineTop);
      const place = isAbove ? 0 : below.findIndex((other) => other.network === name) - (below.length - 1) / 2;
      const x = centreOf(column) + place * 130 - 20;
      const [from, to] = isAbove ? [machineTop, network.top + boxHeight] : [machineTop + boxHeight, network.top];
      return {
        line: `<path d="M${x} ${from}V${to}"/><circle cx="${x}" cy="${from}" r="4"/><circle cx="${x}" cy="${to}" r="4"/>`,
        text: `<text x="${x + 8}" y="${isAbove ? to + 24 : to - 14}">${address}</text>`,
        description: `${machine} has ${address} in ${name}`,
      };
    }),
  );
}

function networkBox(name: string, { mode, subnet: addresses, columns, top }: Network): string {
  const [first, last] = [Math.min(...columns), Math.max(...columns)];
  return box("network", leftOf(first), leftOf(last) + columnWidth, top, `${name} ${addresses}`, meanings[mode] ?? mode);
}

function machineBox(name: string, column: number): string {
  return box("machine", leftOf(column), leftOf(column) + columnWidth, machineTop, name, "a machine");
}

function box(kind: string, left: number, right: number, top: number, name: string, meaning: string): string {
  return `<rect x="${left}" y="${top}" width="${right - left}" height="${boxHeight}" rx="6" class="${kind}"/>
<text x="${left + 12}" y="${top + 20}" class="name">${name}</text>
<text x="${left + 12}" y="${top + 38}" class="dim">${meaning}</text>`;
}

function leftOf(column: number): number {
  return margin + column * (columnWidth + gap);
}

function centreOf(column: number): number {
  return leftOf(column) + columnWidth / 2;
}
