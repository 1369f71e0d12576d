import type { LedgerNote } from "../../host/ledger";
import { uuidOf } from "../../libvirt/mark";
import type { Context, Created } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { withOwner } from "../../values/sharing";
import { findExisting, type Existing } from "./claim";
import { hasDirectory, typeOf } from "./kinds";
import { planCreate, planRemove, planUpdate } from "./plan";
import { locked, type PoolRun, runPlan } from "./run";
import type { StoragePoolInputs } from "./schema";
import { stateOf } from "./state";

export function createPool(inputs: StoragePoolInputs, context: Context): Promise<Created> {
  return locked(inputs, context, async (host) => {
    const existing = await findExisting(inputs, context);
    if (existing?.claim === "used") return stateOf(inputs, existing.uuid, false);
    if (existing?.claim === "joined") return join(host, inputs, existing, context);
    return existing?.claim === "adopted" ? takeOver(host, existing) : make(host, inputs, existing, context);
  });
}

/** An adopted pool is not changed. */
async function takeOver({ ledger }: Host, { uuid, actual: actual, entry }: Existing): Promise<Created> {
  await ledger.claim("pool", actual.name, entry);
  return stateOf(actual, uuid, entry.note === "made-folder");
}

/** Another stack has created it, with the same description. */
async function join(host: Host, inputs: StoragePoolInputs, { uuid, entry }: Existing, { identity }: Context) {
  await host.ledger.claim("pool", inputs.name, entry);
  await runPlan(planUpdate(inputs), { host, uuid, name: inputs.name, identity });
  return stateOf(inputs, uuid, entry.note === "made-folder");
}

/** Creates a pool, or continues an interrupted create. A pool that doesn't start is removed. */
async function make(
  host: Host,
  inputs: StoragePoolInputs,
  existing: Existing | undefined,
  { urn, identity }: Context,
): Promise<Created> {
  const directoryExists = inputs.path !== undefined && (await host.files.stat(inputs.path)) !== undefined;
  const note = await noteOf(host, inputs, directoryExists, identity);
  const uuid = existing?.uuid ?? uuidOf("pool", identity);
  const owners = withOwner(existing?.entry, { owner: urn, identity }, inputs.shared);
  await host.ledger.claim("pool", inputs.name, { ...owners, thing: uuid, note });
  const run = { host, uuid, name: inputs.name, identity };
  const madeDirectory = note === "made-folder";
  try {
    await runPlan(planCreate(inputs, { uuid, isDefined: existing !== undefined, directoryExists }), run);
    return stateOf(inputs, uuid, madeDirectory);
  } catch (failure) {
    // A pool that can't be removed now belongs to the resource according to the ledger, and the next `up` continues
    // with it.
    if (existing === undefined) await undo(run, inputs, madeDirectory).catch(() => undefined);
    throw failure;
  }
}

/** After an interruption, the ledger still says whether the create made the directory. */
async function noteOf(
  { ledger }: Host,
  inputs: StoragePoolInputs,
  directoryExists: boolean,
  identity: string,
): Promise<LedgerNote | undefined> {
  const entry = await ledger.entry("pool", inputs.name);
  const hasMade = entry?.identity === identity && entry.note === "made-folder";
  return hasMade || (hasDirectory(typeOf(inputs)) && !directoryExists) ? "made-folder" : undefined;
}

/** Only the resource's own pool has that UUID; another pool of that name is another program's. */
async function undo(run: PoolRun, inputs: StoragePoolInputs, madeDirectory: boolean): Promise<void> {
  const isDefined = await run.host.libvirt.exists("pool", run.uuid);
  await runPlan(planRemove(inputs, { isDefined, madeDirectory }), run);
}
