import { withoutInternals } from "../resource/check";
import type { Context, Properties, Replaced } from "../resource/handler";
import type { Host } from "../resource/host";
import { isNamesake } from "../resource/ownership";
import { connectionProblem } from "../values/connection";
import { Conflict, type ErrorCode, KvmError, PartiallyCreated } from "../values/errors";
import { legacyIdentity } from "../values/identity";

/** The key under which the SDK tells a resource's URN, which Pulumi doesn't pass to dynamic providers. */
export const urnKey = "__urn";
/** The key under which a resource's identity lies in its state. */
export const identityKey = "__identity";

export interface Sources {
  readonly host: (connection: string) => Host;
  readonly defaultConnection: () => string;
  readonly newIdentity: () => string;
  /** Aborted when the engine is gone without a word. */
  readonly engineEnd: AbortSignal;
}

type Known = Pick<Context, "urn" | "identity" | "replaced" | "others">;

/**
 * The identities of the resources in one run of the engine. A new resource gets a new one; a create that was cut off, of
 * which no state knows, goes on with the one that it has begun with.
 */
export function openIdentities({ host, defaultConnection, newIdentity, engineEnd }: Sources) {
  /** What has been checked as it is: the engine checks a resource's replacement after it, as if it were new. */
  const checked = new Map<string, Replaced>();
  const asked = new Map<string, Properties>();
  /** What was checked as new, by its URN; with `--replace` that is all that the engine tells before the old one goes. */
  const replacements = new Map<string, Replaced>();
  /** What is to be done when the engine ends in peace, and so has written its state. */
  const atPeace: (() => Promise<void>)[] = [];
  /** The creates that no other run may go on with, since this one lives. */
  const turns: Promise<void>[] = [];
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  engineEnd.addEventListener("abort", end);

  /** @returns when `first` is done; the turn is kept until the run ends, or its engine is gone */
  const keepTurn = (at: Host, urn: string, first: () => Promise<void>) =>
    new Promise<void>((resolve, reject) => {
      const work = async () => {
        await first();
        resolve();
        await ended;
      };
      turns.push(inTurn(at, urn, work).catch(reject));
    });

  const identityFor = async (urn: string, connection: unknown) => {
    if (urn === "" || typeof connection !== "string" || connectionProblem(connection) !== undefined)
      return newIdentity();
    const at = host(connection);
    if ((await at.ledger.begun(urn)) === undefined) return newIdentity();
    return (await inTurn(at, urn, () => at.ledger.begun(urn))) ?? newIdentity();
  };

  return {
    /** @param olds the inputs of the last deployment; empty for a new thing */
    ofCheck: async (olds: Properties, news: Properties): Promise<Known> => {
      const urn = urnOf(news);
      const inputs = withoutInternals(olds);
      asked.set(urn, withoutInternals(news));
      const others = () => [...asked].flatMap(([other, given]) => (other === urn ? [] : [given]));
      if (Object.keys(inputs).length > 0) {
        const { identity } = ofState(olds);
        checked.set(urn, { identity, inputs });
        return { urn, identity, others };
      }
      const replaced = checked.get(urn);
      const connection = news["connection"] ?? replaced?.inputs["connection"] ?? defaultConnection();
      return { urn, replaced, others, identity: await identityFor(urn, connection) };
    },

    /** A check has given the inputs of what may take a resource's place. */
    checkedNew: ({ urn, identity }: Known, inputs: Properties): void => {
      replacements.set(urn, { identity, inputs });
    },

    ofDelete: (state: Properties): Known & Pick<Context, "replacedBy"> => {
      const known = ofState(state);
      return { ...known, replacedBy: successorOf(known, replacements) };
    },

    ofCreate: (inputs: Properties): Known => {
      const known = ofState(inputs);
      // What is made before something goes doesn't take its place: what that one needs was there.
      replacements.delete(known.urn);
      return { ...known, replaced: checked.get(known.urn) };
    },

    /**
     * Does a create. That it has begun is noted on the host, and what nobody has a state of is known by that: until the engine
     * has written what was made, also in part; or until it is refused before it has made anything. Behind another failure
     * something may be left, with which the next run goes on.
     */
    creating: async <T>({ urn, identity }: Known, { connection }: Properties, work: () => Promise<T>): Promise<T> => {
      const at = host(String(connection));
      const settleAtPeace = () => void atPeace.push(() => at.ledger.settle(urn, identity));
      // Nothing goes on with what has no URN.
      if (urn !== "") await keepTurn(at, urn, () => begin(at.ledger, urn, identity));
      try {
        const created = await work();
        settleAtPeace();
        return created;
      } catch (failure) {
        if (failure instanceof PartiallyCreated) settleAtPeace();
        else if (isRefusal(failure) && !(await hasEntry(at.ledger, identity))) await at.ledger.settle(urn, identity);
        throw failure;
      }
    },

    /**
     * Does an update or a delete. What it has done is known to the state only when the engine has written that: until then, and
     * when it fails, the host remembers that it has begun, so that the next run completes it, also where no input differs.
     */
    changing: async <T>(state: Properties, work: () => Promise<T>): Promise<T> => {
      const { urn: owner, identity } = ofState(state);
      const { ledger } = host(String(state["connection"]));
      await ledger.open({ owner, identity });
      const result = await work();
      atPeace.push(() => ledger.close(identity));
      return result;
    },

    close: async (state: Properties): Promise<void> => {
      await host(String(state["connection"])).ledger.close(ofState(state).identity);
    },

    isOpen: (state: Properties): Promise<boolean> => {
      const connection = state["connection"];
      return typeof connection === "string"
        ? host(connection).ledger.isOpen(ofState(state).identity)
        : Promise.resolve(false);
    },

    /** A state holds it: a create without a state is none of that resource any more. */
    settle: async (state: Properties): Promise<void> => {
      const { urn, identity } = ofState(state);
      const connection = state["connection"];
      if (typeof connection === "string") await host(connection).ledger.settle(urn, identity);
    },

    /** The engine has ended in peace, and has written its state. */
    settleAll: async (): Promise<void> => {
      await Promise.allSettled(atPeace.map((work) => work()));
      end();
      await Promise.allSettled(turns);
    },
  };
}

/**
 * What was checked as new and takes the place of what goes. Since its state was written, the stack may have been renamed, or
 * the resource become part of another one: then its name is the same, and its URN is not. Where several have the name,
 * nothing tells which it is.
 */
function successorOf({ urn, identity }: Known, replacements: ReadonlyMap<string, Replaced>): Replaced | undefined {
  const namesakes = [...replacements].filter(([other]) => isNamesake(other, urn)).map(([, replaced]) => replaced);
  if (namesakes.some((each) => each.identity === identity)) return undefined;
  return replacements.get(urn) ?? (namesakes.length === 1 ? namesakes[0] : undefined);
}

/** Two runs that each create what the other wants to would else wait for ever. */
const patienceMs = 30_000;

/** A create that another run has begun and lives to end was not cut off. @throws Conflict when that run goes on for long */
async function inTurn<T>({ lock }: Host, urn: string, work: () => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(patienceMs);
  let obstacle = "waits for it";
  const progress = (text: string) => (obstacle = text);
  try {
    return await lock(`the creation of ${urn}`, work, { urn, signal, progress });
  } catch (failure) {
    if (!signal.aborted || !(failure instanceof KvmError) || failure.code !== "interrupted") throw failure;
    throw new Conflict(`another run of Pulumi creates the same resource at this moment: this one ${obstacle}`, {
      remedy: "Run this again when that one has ended",
    });
  }
}

async function begin(ledger: Host["ledger"], urn: string, identity: string): Promise<void> {
  const noted = await ledger.begun(urn);
  if (noted !== undefined && noted !== identity)
    throw new Conflict("another run of Pulumi has begun to create the same resource since this one looked", {
      remedy: "Run `pulumi up` again",
    });
  await ledger.begin(urn, identity);
}

/** What is said before anything is made; behind other failures something may be left. */
const refusals: readonly ErrorCode[] = ["invalid-input", "conflict", "not-found", "unsupported", "checksum-mismatch"];

function isRefusal(failure: unknown): boolean {
  return failure instanceof KvmError && refusals.includes(failure.code);
}

async function hasEntry(ledger: Host["ledger"], identity: string): Promise<boolean> {
  const kinds = ["volume", "pool", "reservation"] as const;
  const entries = await Promise.all(
    kinds.map(async (kind) => Promise.all((await ledger.names(kind)).map((name) => ledger.entry(kind, name)))),
  );
  return entries.flat().some((entry) => entry?.identity === identity);
}

/** Who a resource is by what the engine keeps of it. */
export function ofState(state: Properties): { readonly urn: string; readonly identity: string } {
  const [urn, identity] = [urnOf(state), state[identityKey]];
  return { urn, identity: typeof identity === "string" ? identity : legacyIdentity(urn) };
}

export function urnOf(properties: Properties): string {
  const urn = properties[urnKey];
  return typeof urn === "string" ? urn : "";
}
