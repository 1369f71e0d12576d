import { attributeOf, el, type Element, parse, render } from "../../../format/xml";
import type { LiveChange } from "../../../libvirt/client";
import { KvmError } from "../../../values/errors";
import { formatSize } from "../../../values/units";
import type { Actual, Run } from "../schema/actual";
import { isReached, type LiveStep } from "./plan";

export interface Failure {
  readonly step: LiveStep;
  readonly reason: string;
}

type Running = Pick<Run, "host" | "context"> & { readonly actual: Pick<Actual, "uuid"> };

/** A failing step does not stop the others. */
export async function takeAll(steps: readonly LiveStep[], machine: Running): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const step of steps) {
    try {
      await take(step, machine);
    } catch (error) {
      if (!(error instanceof KvmError)) throw error;
      machine.context.debug(error);
      failures.push({ step, reason: error.reason });
    }
  }
  return failures;
}

/** A success of libvirt proves nothing: if the guest takes part, the definition in force is checked. */
async function take(step: LiveStep, machine: Running): Promise<void> {
  machine.context.progress(titleOf(step));
  await machine.host.libvirt.changeLive(machine.actual.uuid, changeOf(step), (live) => isReached(step, parse(live)));
  if (step.kind !== "detach-device" && step.kind !== "memory") return;
  if (await comesTrue(machine, (live) => isReached(step, live))) return;
  throw new KvmError(
    "timeout",
    step.kind === "memory"
      ? `the guest has not changed its memory to ${formatSize(step.kibibytes * 1024)}, which needs a balloon driver`
      : `the guest has not released ${nameOf(step)}`,
  );
}

const followMs = 10_000;
const pollMs = 500;

async function comesTrue({ host, actual, context }: Running, isSo: (live: Element) => boolean): Promise<boolean> {
  const until = host.clock.now() + followMs;
  for (;;) {
    const live = await host.libvirt.liveDefinition("domain", actual.uuid);
    if (live === undefined || isSo(parse(live))) return true;
    if (host.clock.now() >= until) return false;
    await host.clock.sleep(pollMs, context.signal);
  }
}

function changeOf(step: LiveStep): LiveChange {
  switch (step.kind) {
    case "attach-device":
    case "detach-device":
    case "update-device":
      return { kind: step.kind, xml: render(step.device) };
    case "metadata": {
      const { kind, namespace, prefix, element } = step;
      return { kind, namespace, prefix, xml: element && render(withoutPrefix(element, prefix)) };
    }
    default:
      return step;
  }
}

/** libvirt adds the prefix itself, and rejects an existing one. */
function withoutPrefix({ name, attributes, children }: Element, prefix: string): Element {
  return el(
    name.replace(`${prefix}:`, ""),
    { ...attributes, [`xmlns:${prefix}`]: undefined },
    ...children.map((child) => (typeof child === "string" ? child : withoutPrefix(child, prefix))),
  );
}

const doing = {
  "attach-device": "attaching",
  "detach-device": "detaching",
  "update-device": "changing",
  vcpus: "adding",
  memory: "changing",
  title: "changing",
  description: "changing",
  metadata: "changing",
} as const satisfies Record<LiveStep["kind"], string>;

/** Such as `detaching disk vdb`. */
export function titleOf(step: LiveStep): string {
  return `${doing[step.kind]} ${nameOf(step)}`;
}

function nameOf(step: LiveStep): string {
  if (step.kind === "vcpus") return `processors up to ${step.count}`;
  if (!("device" in step)) return step.field;
  const { device, key } = step;
  if (device.name === "controller") return "the SCSI controller";
  if (device.name === "interface") return `network ${key}`;
  return device.name === "disk" ? `disk ${attributeOf(device, "target", "dev") ?? ""}` : `device ${key}`;
}
