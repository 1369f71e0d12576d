import { openHost } from "../provider/engine/open-host";
import { createStack, type TestStack } from "../test/pulumi/support";
import { startEmbedded } from "../tools/embedded/index";
import type { Figures } from "./index";
import { median, rounded, secondsOf } from "./statistics";

const stateDir = "/var/lib/kvm-deploy/embedded/bench";
const counts = [1, 10, 100];
const repetitions = 7;

/** Preview of unchanged machines against the same number of dynamic resources that do nothing at all. */
export async function previewFigures(log: (line: string) => void): Promise<Figures> {
  const embedded = await startEmbedded({ stateDir, lifetime: "process" });
  try {
    const figures: Record<string, number> = {};
    for (const count of counts) {
      log(`making ${count} machines and ${count} resources that do nothing`);
      const { machines, nothing } = await compare(embedded.uri, count, log);
      figures[`machines${count}ToNoOp`] = rounded(machines / nothing);
      figures[`machines${count}Seconds`] = rounded(machines);
      figures[`noOp${count}Seconds`] = rounded(nothing);
    }
    return figures;
  } finally {
    await embedded.stop();
  }
}

async function compare(connection: string, count: number, log: (line: string) => void) {
  const stacks = await Promise.all([createStack({ connection }), createStack({ connection })]);
  const [machines, nothing] = stacks;
  try {
    await machines.program(machineProgram(count));
    await nothing.bareProgram(noOpProgram(count));
    for (const stack of stacks) await succeed(stack, "up");
    // A preview doesn't look at them; running, they would take the processor.
    await stopAll(connection);
    log(`previewing each ${repetitions} times`);
    const times = { machines: [] as number[], nothing: [] as number[] };
    for (let turn = 0; turn < repetitions; turn += 1) {
      times.machines.push(await secondsOf(() => succeed(machines, "preview")));
      times.nothing.push(await secondsOf(() => succeed(nothing, "preview")));
    }
    return { machines: median(times.machines), nothing: median(times.nothing) };
  } finally {
    for (const stack of stacks) await stack.destroy().then(() => stack.remove());
  }
}

function machineProgram(count: number): string {
  return `for (let i = 0; i < ${count}; i += 1) new kvm.Machine("bench-" + i, { memory: "16MiB", shutdownTimeout: "1s" });`;
}

/** Resources with the same inputs and the same state as the machines, whose provider does nothing with them. */
function noOpProgram(count: number): string {
  return `
    class Nothing extends pulumi.CustomResource {
      constructor(name) {
        super("pulumi-nodejs:dynamic/bench:Nothing", name, {
          name, memory: "16MiB", shutdownTimeout: "1s", __provider: ${JSON.stringify(noOpProvider)},
          ${outputs.map((output) => `${output}: undefined`).join(", ")}
        });
      }
    }
    for (let i = 0; i < ${count}; i += 1) new Nothing("bench-" + i);
  `;
}

const outputs = ["uuid", "macAddresses", "addresses", "sshCommand", "knownHosts", "consoleLogPath", "release"];

/** What a machine's checked inputs and its outputs have beside what the program says. */
const state = {
  connection: `qemu:///system?socket=${stateDir}/run/libvirt-sock`,
  ...{
    vcpus: 1,
    firmware: "bios",
    disks: [],
    nics: [],
    wait: "none",
    installTimeout: "1h",
    stallTimeout: "10m",
    sshTimeout: "10m",
    autostart: true,
  },
  __urn: "urn:pulumi:test::test::pulumi-nodejs:dynamic/kvm:Machine::bench-100",
};
const computed = {
  uuid: "6e49e33c-c536-86ce-a16f-b435e19dc6c3",
  ...{ macAddresses: [], addresses: [], knownHosts: "", volumePaths: {}, hostKeys: [] },
  consoleLogPath: "/var/lib/kvm-deploy/hosts/a90b0fdd73a8/consoles/bench-100.log",
};
const noOpProvider = `exports.handler = () => ({
  check: async (olds, news) => ({ inputs: { ...news, ...${JSON.stringify(state)} } }),
  diff: async () => ({ changes: false }),
  create: async (inputs) => ({ id: "nothing", outs: { ...inputs, ...${JSON.stringify(computed)} } }),
  delete: async () => {},
});`;

async function succeed(stack: TestStack, operation: "up" | "preview"): Promise<void> {
  const { ok, text } = await stack[operation]();
  if (!ok) throw new Error(text);
}

async function stopAll(connection: string): Promise<void> {
  const { libvirt } = openHost(connection);
  for (const { uuid } of await libvirt.list("domain")) await libvirt.stop("domain", uuid);
}
