import { createStack, type TestStack } from "../test/pulumi/support";
import { type EmbeddedLibvirt, startEmbedded } from "../tools/embedded/index";
import { secondsOf } from "./statistics";

/** A libvirtd that only the bench uses, for as long as the work takes. */
export async function withLibvirt<T>(work: (libvirt: EmbeddedLibvirt) => Promise<T>): Promise<T> {
  const embedded = await startEmbedded({ stateDir: "/var/lib/kvm-deploy/embedded/bench", lifetime: "process" });
  try {
    return await work(embedded);
  } finally {
    await embedded.stop();
  }
}

/** The stack that is measured, and the one that it is compared with. */
export interface Pair {
  readonly ours: TestStack;
  readonly twin: TestStack;
}

/** Both are removed afterwards; what they made on the host goes with the libvirtd. */
export async function withPair<T>({ uri, enter }: EmbeddedLibvirt, work: (pair: Pair) => Promise<T>): Promise<T> {
  const [ours, twin] = await Promise.all([
    createStack({ connection: uri, enter }),
    createStack({ connection: uri, enter }),
  ]);
  try {
    return await work({ ours, twin });
  } finally {
    await Promise.all([ours.remove(), twin.remove()]);
  }
}

export type Operation = "up" | "preview" | "refresh" | "destroy";

/** Seconds that it takes. What it changes is checked: a figure of something else would be none. */
export async function secondsFor(
  stack: TestStack,
  operation: Operation,
  changes?: Readonly<Record<string, number>>,
): Promise<number> {
  let outcome: Awaited<ReturnType<TestStack[Operation]>> | undefined;
  const seconds = await secondsOf(async () => {
    outcome = await stack[operation]();
  });
  if (outcome?.ok !== true) throw new Error(outcome?.text);
  const wrong = Object.entries(changes ?? {}).find(([kind, count]) => outcome?.changes[kind] !== count);
  if (wrong !== undefined) throw new Error(`expected ${wrong[1]} to ${wrong[0]}:\n${outcome.text}`);
  return seconds;
}
