import type { dynamic } from "@pulumi/pulumi";
import { isAskedFor, rememberAsked } from "./asked";
import { withoutInternals } from "./check";
import { engineLog } from "./engine-log";
import { messageOf, PartiallyCreated } from "./errors";
import type { Context, Failure, Handler, Properties } from "./handler";
import { defaultConnection } from "./host/environment";
import { openHost } from "./host/open";

/** The key under which the engine keeps the provider's text in every resource. */
const providerKey = "__provider";
/** The key under which the SDK tells a resource's URN, which Pulumi doesn't pass to dynamic providers. */
const urnKey = "__urn";
/** The key under which the SDK tells that the connection is the stack's configuration's; it isn't kept. */
const configuredKey = "__configured";

const log = engineLog(process.argv[2]);
const interruption = new AbortController();
let callsUnderWay = 0;

/** Serves a handler as a Pulumi dynamic provider. */
export function serve(handler: Handler): dynamic.ResourceProvider {
  return {
    check: (olds: Properties, news: Properties) =>
      call(async () => {
        const { inputs, failures } = await handler.check(
          withoutInternals(olds),
          withoutInternals(news),
          contextOf(news),
        );
        rememberAsked(urnOf(news), plain(inputs));
        return { inputs: plain({ ...inputs, [urnKey]: news[urnKey] }), failures: failures.map(toPulumi) };
      }),

    diff: (id: string, olds: Properties, news: Properties) =>
      call(async () => {
        const { changes, replaces, notes } = await handler.diff(
          id,
          withoutInternals(fromState(olds)),
          withoutInternals(news),
          contextOf(news),
        );
        const told = isAskedFor(urnOf(news), withoutInternals(news)) ? notes : [];
        for (const note of told) log.warn(urnOf(news), `${nameIn(urnOf(news))}: ${note}`);
        // Names are taken while the old thing is there, so that it has to go first.
        return { changes, replaces: [...replaces], deleteBeforeReplace: true };
      }),

    create: (inputs: Properties) =>
      call(async () => {
        const created = await orPartially(inputs, () => handler.create(withoutInternals(inputs), contextOf(inputs)));
        return { id: created.id, outs: stateOf(created.outputs, inputs) };
      }),

    read: (id: string, state: Properties = {}) =>
      call(async () => {
        const read = await handler.read(id, withoutInternals(fromState(state)), contextOf(state));
        if (read === undefined) return {};
        return {
          id: read.id,
          props: stateOf(read.outputs, state),
          inputs: plain({ ...read.inputs, [urnKey]: state[urnKey] }),
        };
      }),

    update: (id: string, olds: Properties, news: Properties) =>
      call(async () => {
        // The mark on the host keeps the URN that the thing was made under, also when an alias renames it.
        const owned = { ...news, [urnKey]: olds[urnKey] ?? news[urnKey] };
        const outputs = await orPartially(owned, () =>
          handler.update(id, withoutInternals(fromState(olds)), withoutInternals(news), contextOf(owned)),
        );
        return { outs: stateOf(outputs, owned) };
      }),

    delete: (id: string, state: Properties) =>
      call(() => handler.delete(id, withoutInternals(fromState(state)), contextOf(state))),
  };
}

function contextOf(properties: Properties): Context {
  const urn = urnOf(properties);
  return {
    urn,
    host: openHost,
    defaultConnection: defaultConnection(),
    isConnectionConfigured: properties[configuredKey] === true,
    progress: (text) => log.progress(urn, text),
    warn: (text) => log.warn(urn, text),
    signal: interruption.signal,
  };
}

function urnOf(properties: Properties): string {
  const urn = properties[urnKey];
  return typeof urn === "string" ? urn : "";
}

/** The last part of a URN: what the program calls the resource. */
function nameIn(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/**
 * What goes into the state: plain JSON, since anything else is lost or refused after the thing was made. To Pulumi an output
 * that is absent is unknown at every preview; one that is null is known to have no value.
 */
function stateOf(outputs: Properties, inputs: Properties): Properties {
  const complete = Object.entries(outputs).map(([key, value]) => [key, value ?? null] as const);
  return plain({ ...Object.fromEntries(complete), [urnKey]: inputs[urnKey] });
}

/** The same on the way back. */
function fromState(state: Properties): Properties {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null));
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
  interruption.abort();
  exitWhenIdle();
});

function exitWhenIdle(): void {
  if (callsUnderWay === 0) process.exit(0);
}
