import { runningThat, type Use } from "../../../libvirt/users";
import type { Context } from "../../../resource/handler";
import type { Host } from "../../../resource/host";
import { KvmError } from "../../../values/errors";
import { elapsed, parseDuration } from "../../../values/scalars";
import type { MachineInputs } from "../schema/machine";
import { installerLogEnd } from "../files/logs";
import { isInstaller } from "./installing";

const pollMs = 3_000;
const bytesEach = 2 * 2 ** 30;

/** All guests of installers, whichever program has started them. */
const installers: Use = { texts: [installerLogEnd], matches: isInstaller };

/** Machines of this process that wait for their turn, or have it. */
const waiting = new Map<string, number>();

type Waiter = Pick<MachineInputs, "maxInstallations" | "installTimeout"> & { readonly uuid: string };

/**
 * Starts an installation when fewer than the maximum run on the host. The running guests themselves are counted, so
 * those that no program watches count, too, and a killed program takes no place. The lock makes the count and the start
 * one step for all programs. Its holder requests no other lock; it has that of its machine.
 * @throws KvmError if no guest before it ends within its own time limit of an installation: one that stands at a question,
 * and that no program watches any more, would keep its place for ever
 */
export async function inTurn(
  host: Host,
  { uuid, maxInstallations, installTimeout }: Waiter,
  start: () => Promise<void>,
  context: Pick<Context, "urn" | "progress" | "signal">,
): Promise<void> {
  const most = maxInstallations ?? (await defaultMost(host));
  const limitMs = (parseDuration(installTimeout) ?? 0) * 1000;
  const before = waiting.get(host.canonical) ?? 0;
  waiting.set(host.canonical, before + 1);
  try {
    const queued = (text: string) => context.progress(before === 0 ? text : `${text}; ${isBefore(before)}`);
    if (before > 0) context.progress(`waits for its turn to be installed: ${isBefore(before)}`);
    await host.lock("the next installation", () => startWhenFree(host, { uuid, most, limitMs, start }, context), {
      ...context,
      progress: queued,
    });
  } finally {
    waiting.set(host.canonical, (waiting.get(host.canonical) ?? 1) - 1);
  }
}

interface Next {
  readonly uuid: string;
  readonly most: number;
  readonly limitMs: number;
  readonly start: () => Promise<void>;
}

async function startWhenFree(
  host: Host,
  { uuid, most, limitMs, start }: Next,
  context: Pick<Context, "progress" | "signal">,
): Promise<void> {
  let [last, since] = ["", host.clock.now()];
  for (;;) {
    const running = (await runningThat(host.libvirt, installers)).filter((entry) => entry.uuid !== uuid);
    if (running.length < most) return start();
    const names = running.map(({ name }) => name).join(", ");
    if (names !== last) [last, since] = [names, host.clock.now()];
    const waited = host.clock.now() - since;
    if (waited > limitMs) throw noTurn(names, most, waited);
    context.progress(
      `waits for its turn to be installed, the next one: maxInstallations is ${most}, and ${names} is before it`,
    );
    await host.clock.sleep(pollMs, context.signal);
  }
}

function noTurn(names: string, most: number, waitedMs: number): KvmError {
  return new KvmError(
    "timeout",
    `its installation can't start: maxInstallations is ${most}, and for ${elapsed(waitedMs)} the same installers have been running: ${names}`,
    {
      property: "maxInstallations",
      remedy:
        "One of them may stand at a question: see it with `virsh console`, answer it, or stop it with `virsh destroy`; then run `pulumi up` again. Or set a greater maxInstallations",
    },
  );
}

function isBefore(count: number): string {
  return count === 1 ? "one machine of this program is before it" : `${count} machines of this program are before it`;
}

/** Installers use a processor each, and about two gibibytes. */
async function defaultMost({ files }: Host): Promise<number> {
  const [cpus = "", memory = ""] = await Promise.all(
    ["/proc/cpuinfo", "/proc/meminfo"].map((file) => files.readTextIfPresent(file)),
  );
  return mostOn(cpus, memory);
}

/** At least one. @param cpus text of /proc/cpuinfo @param memory text of /proc/meminfo */
export function mostOn(cpus: string, memory: string): number {
  const processors = cpus.match(/^processor\s*:/gm)?.length ?? 1;
  const total = Number(/^MemTotal:\s*(\d+) kB$/m.exec(memory)?.[1] ?? 0) * 1024;
  return Math.max(1, Math.min(processors, Math.floor(total / bytesEach)));
}
