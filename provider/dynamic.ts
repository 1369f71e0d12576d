import type { dynamic } from "@pulumi/pulumi";
import { withoutInternals } from "./check";
import { engineLog } from "./engine-log";
import { messageOf, PartiallyCreated } from "./errors";
import type { Context, Failure, Handler, Properties } from "./handler";
import { defaultConnection, newIdentity } from "./host/environment";
import { openHost } from "./host/open";
import { identityKey, ofState, openIdentities, urnKey, urnOf } from "./identities";

/** The key under which the engine keeps the provider's text in every resource. */
const providerKey = "__provider";

const log = engineLog(process.argv[2]);
const identities = openIdentities({ host: openHost, defaultConnection, newIdentity });
const interruption = new AbortController();
let callsUnderWay = 0;

/** Serves a handler as a Pulumi dynamic provider. */
export function serve(handler: Handler): dynamic.ResourceProvider {
  return {
    check: (olds: Properties, news: Properties) =>
      call(async () => {
        const known = await identities.ofCheck(olds, news);
        const [before, given] = [olds, news].map(withoutInternals);
        const { inputs, failures } = await handler.check(before ?? {}, given ?? {}, contextOf(known));
        identities.checkedNew(known, inputs);
        if (known.replaced === undefined) await identities.settle(olds);
        const internals = { [urnKey]: news[urnKey], [identityKey]: known.identity };
        return { inputs: plain({ ...inputs, ...internals }), failures: failures.map(toPulumi) };
      }),

    diff: (id: string, olds: Properties, news: Properties) =>
      call(async () => {
        const { changes, replaces, notes } = await handler.diff(
          id,
          withoutInternals(olds),
          withoutInternals(news),
          contextOf({ ...ofState(olds), urn: urnOf(news) }),
        );
        for (const note of notes) log.warn(urnOf(news), `${nameIn(urnOf(news))}: ${note}`);
        // Names are taken while the old thing is there, so that it has to go first.
        return { changes, replaces: [...replaces], deleteBeforeReplace: true };
      }),

    create: (inputs: Properties) =>
      call(async () => {
        const known = identities.ofCreate(inputs);
        await identities.begin(known, inputs);
        const created = await orPartially(inputs, () => handler.create(withoutInternals(inputs), contextOf(known)));
        return { id: created.id, outs: stateOf(created.outputs, inputs) };
      }),

    read: (id: string, state: Properties = {}) =>
      call(async () => {
        const read = await handler.read(id, withoutInternals(state), contextOf(ofState(state)));
        await identities.settle(state);
        if (read === undefined) return {};
        return { id: read.id, props: stateOf(read.outputs, state), inputs: stateOf(read.inputs, state) };
      }),

    update: (id: string, olds: Properties, news: Properties) =>
      call(async () => {
        const owned = { ...news, [identityKey]: ofState(olds).identity };
        const outputs = await orPartially(owned, () =>
          handler.update(id, withoutInternals(olds), withoutInternals(news), contextOf(ofState(owned))),
        );
        return { outs: stateOf(outputs, owned) };
      }),

    delete: (id: string, state: Properties) =>
      call(async () => {
        await handler.delete(id, withoutInternals(state), contextOf(identities.ofDelete(state)));
        await identities.settle(state);
      }),
  };
}

function contextOf(known: Pick<Context, "urn" | "identity" | "replaced" | "replacedBy">): Context {
  const { urn } = known;
  return {
    ...known,
    host: openHost,
    defaultConnection: defaultConnection(),
    progress: (text) => log.progress(urn, text),
    warn: (text) => log.warn(urn, text),
    signal: interruption.signal,
  };
}

/** The last part of a URN: what the program calls the resource. */
function nameIn(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** What goes into the state: plain JSON, since anything else is lost or refused after the thing was made. */
function stateOf(outputs: Properties, inputs: Properties): Properties {
  const { urn, identity } = ofState(inputs);
  return plain({ ...outputs, [urnKey]: urn, [identityKey]: identity });
}

function plain(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties)) as Properties;
}

/** The path is told in the reason: given as a property, Pulumi would print that property's value, be it a secret or not. */
function toPulumi({ property, reason }: Failure): { property: string; reason: string } {
  return { property: "", reason: property === "" ? reason : `${property}: ${reason}` };
}

/** A half-done create or update as Pulumi wants to hear of it: what exists is kept in the state. */
async function orPartially<T>(inputs: Properties, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PartiallyCreated)) throw error;
    throw Object.assign(new Error(error.message), {
      id: error.id,
      // Pulumi adds its own key to complete states only; without it, the resource could never be deleted.
      properties: { ...stateOf(error.outputs, inputs), [providerKey]: inputs[providerKey] },
      reasons: [error.message],
    });
  }
}

/** One call of the engine: counted, so that an interrupted process ends when all are answered. */
async function call<T>(work: () => Promise<T>): Promise<T> {
  callsUnderWay += 1;
  try {
    return await work();
  } catch (error) {
    throw withoutStack(error);
  } finally {
    callsUnderWay -= 1;
    if (interruption.signal.aborted) setTimeout(exitWhenIdle, 200);
  }
}

/** Pulumi prints the stack of whatever is thrown; users need the message alone. */
function withoutStack(error: unknown): Error {
  const told = error instanceof Error ? error : new Error(messageOf(error));
  told.stack = told.message;
  told.toString = () => "kvm-deploy";
  return told;
}

// Sent when the user interrupts twice, and at every normal end: with nothing under way there is nothing to wait for.
process.on("SIGINT", () => {
  if (callsUnderWay === 0) void identities.settleAll().finally(() => process.exit(0));
  else interruption.abort();
});

function exitWhenIdle(): void {
  if (callsUnderWay === 0) process.exit(0);
}
