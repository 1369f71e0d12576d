import type { dynamic } from "@pulumi/pulumi";
import { withoutInternals } from "../resource/check";
import type { Context, DiffResult, Failure, Handler, Properties } from "../resource/handler";
import { PartiallyCreated, reportOf, wordsOfCauses } from "../values/errors";
import { isAskedFor, rememberAsked } from "./asked";
import { identityKey, ofState, urnKey, urnOf } from "./identities";
import type { EngineRun } from "./run";

/** The key of the provider's text, which the engine keeps in every resource. */
const providerKey = "__provider";
/** The key by which the SDK says that the connection comes from the stack's configuration; it isn't kept. */
const configuredKey = "__configured";

/** Serves a handler as a Pulumi dynamic provider. */
export function serve(handler: Handler, run: EngineRun): dynamic.ResourceProvider {
  const { identities, log } = run;
  const contextOf = (known: Known) => contextIn(run, known);
  const call = <T>(properties: Properties, work: () => Promise<T>) =>
    run.call(() => work().catch((error: unknown) => Promise.reject(shownOf(error, urnOf(properties), run))));
  return {
    check: (olds: Properties, news: Properties) =>
      call(news, async () => {
        const known = await identities.ofCheck(olds, news);
        const [before, given] = [olds, news].map(withoutInternals);
        const isConnectionConfigured = news[configuredKey] === true;
        const context = { ...contextOf(known), isConnectionConfigured };
        const { inputs, failures } = await handler.check(before ?? {}, given ?? {}, context);
        rememberAsked(urnOf(news), plain(inputs));
        identities.checkedNew(known, inputs);
        await identities.settle(olds);
        const internals = { [urnKey]: news[urnKey], [identityKey]: known.identity };
        return { inputs: plain({ ...inputs, ...internals }), failures: failures.map(toPulumi) };
      }),

    diff: (id: string, olds: Properties, news: Properties) =>
      call(news, async () => {
        const context = contextOf({ ...ofState(olds), urn: urnOf(news) });
        const [before, after] = [withoutInternals(fromState(olds)), withoutInternals(news)];
        const { changes, replaces, notes } = (await identities.isOpen(olds))
          ? await completing(handler, id, before, after, context)
          : await handler.diff(id, before, after, context);
        const reported = isAskedFor(urnOf(news), after) ? [...new Set(notes)] : [];
        for (const note of reported) log.warn(urnOf(news), `${nameIn(urnOf(news))}: ${note}`);
        // The old thing has the name, so it must be deleted first.
        return { changes, replaces: [...replaces], deleteBeforeReplace: true };
      }),

    create: (inputs: Properties) =>
      call(inputs, async () => {
        const known = identities.ofCreate(inputs);
        const create = () => handler.create(withoutInternals(inputs), contextOf(known));
        const created = await orPartially(inputs, run, () => identities.creating(known, inputs, create));
        return { id: created.id, outs: stateOf(created.outputs, inputs) };
      }),

    read: (id: string, state: Properties = {}) =>
      call(state, async () => {
        const known = ofState(state);
        const [before, context] = [withoutInternals(fromState(state)), { ...contextOf(known), isRefresh: true }];
        const read = await handler.read(id, before, context);
        await identities.settle(state);
        if (read === undefined) {
          // The engine forgets the resource, so no later run would clean up after an interrupted delete.
          if (await identities.isOpen(state)) {
            await handler.delete(id, before, context);
            await identities.close(state);
          }
          return {};
        }
        return {
          id: read.id,
          props: stateOf(read.outputs, state),
          inputs: plain({ ...read.inputs, [urnKey]: known.urn, [identityKey]: known.identity }),
        };
      }),

    update: (id: string, olds: Properties, news: Properties) =>
      call(news, async () => {
        const owned = { ...news, [identityKey]: ofState(olds).identity };
        const context = contextOf(ofState(owned));
        const state = withoutInternals(fromState(olds));
        const before = (await identities.isOpen(olds)) ? await asItIs(handler, id, state, context) : state;
        const update = () => handler.update(id, before, withoutInternals(news), context);
        const outputs = await identities.changing(owned, () => orPartially(owned, run, update));
        return { outs: stateOf(outputs, owned) };
      }),

    delete: (id: string, state: Properties) =>
      call(state, async () => {
        const context = contextOf(identities.ofDelete(state));
        await identities.changing(state, () => handler.delete(id, withoutInternals(fromState(state)), context));
        await identities.settle(state);
      }),
  };
}

/**
 * An update or a delete was interrupted: it is completed even without a difference. If the thing no longer exists, it
 * is created again.
 */
async function completing(
  handler: Handler,
  id: string,
  state: Properties,
  news: Properties,
  context: Context,
): Promise<DiffResult> {
  const present = await handler.read(id, state, { ...context, warn: () => undefined });
  if (present === undefined) {
    const note = "no longer exists, because a run that changed or deleted it was interrupted; up creates it again";
    return { changes: true, replaces: ["name"], notes: [note] };
  }
  const diff = await handler.diff(id, withoutInternals(present.outputs), news, context);
  return { ...diff, changes: true, notes: ["a change was interrupted; up completes it", ...diff.notes] };
}

/** The state that a refresh would return: an interrupted update has made changes that the state does not have. */
async function asItIs(handler: Handler, id: string, state: Properties, context: Context): Promise<Properties> {
  return (await handler.read(id, state, context))?.outputs ?? state;
}

type Known = Pick<Context, "urn" | "identity" | "replaced" | "replacedBy">;

function contextIn({ host, defaultConnection, log, signal }: EngineRun, known: Known): Context {
  const { urn } = known;
  return {
    ...known,
    host,
    defaultConnection: defaultConnection(),
    isConnectionConfigured: false,
    progress: (text) => log.progress(urn, text),
    warn: (text) => log.warn(urn, text),
    debug: (failure) => logWords(failure, urn, log),
    signal,
  };
}

/** The last part of a URN: the resource's name in the program. */
function nameIn(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/**
 * What goes into the state: plain JSON, because anything else is lost or refused after the thing was created. To Pulumi
 * an output that is absent is unknown at every preview; an output that is null is known to have no value.
 */
function stateOf(outputs: Properties, inputs: Properties): Properties {
  const { urn, identity } = ofState(inputs);
  const complete = Object.entries(outputs).map(([key, value]) => [key, value ?? null] as const);
  return plain({ ...Object.fromEntries(complete), [urnKey]: urn, [identityKey]: identity });
}

/** The inverse of `stateOf`. */
function fromState(state: Properties): Properties {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null));
}

function plain(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties)) as Properties;
}

/**
 * The path goes into the text: for a failure with a property, Pulumi would print the property's value, secret or not.
 */
function toPulumi({ property, reason }: Failure): { property: string; reason: string } {
  return { property: "", reason: property === "" ? reason : `${property}: ${reason}` };
}

/** A partial create or update in the form that Pulumi requires: what exists is kept in the state. */
async function orPartially<T>(inputs: Properties, run: EngineRun, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PartiallyCreated)) throw error;
    const shown = shownOf(error, urnOf(inputs), run);
    throw Object.assign(shown, {
      id: error.id,
      // Pulumi adds its own key to complete states only; a state without it could never be deleted.
      properties: { ...stateOf(error.outputs, inputs), [providerKey]: inputs[providerKey] },
      reasons: [shown.message],
    });
  }
}

/**
 * An error in the form that Pulumi shows: always its message, and for some calls also its stack. So the message has the
 * stack of a bug, and in place of its own stack is only the first line.
 */
class Shown extends Error {
  constructor(error: unknown) {
    super(reportOf(error));
    this.stack = this.message.split("\n", 1).join("");
  }

  override toString(): string {
    return "kvm-deploy";
  }
}

/** Programs' own messages are kept for `pulumi up --debug`. */
function shownOf(error: unknown, urn: string, { log }: EngineRun): Shown {
  if (error instanceof Shown) return error;
  logWords(error, urn, log);
  return new Shown(error);
}

function logWords(failure: unknown, urn: string, log: EngineRun["log"]): void {
  for (const words of wordsOfCauses(failure)) log.debug(urn, words);
}
