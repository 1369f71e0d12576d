import { withoutInternals } from "./check";
import { type ErrorCode, KvmError, PartiallyCreated } from "./errors";
import type { Context, Properties, Replaced } from "./handler";
import type { Host } from "./host/index";
import { legacyIdentity } from "./identity";
import { connectionProblem } from "./libvirt/uri";

/** The key under which the SDK tells a resource's URN, which Pulumi doesn't pass to dynamic providers. */
export const urnKey = "__urn";
/** The key under which a resource's identity lies in its state. */
export const identityKey = "__identity";

export interface Sources {
  readonly host: (connection: string) => Host;
  readonly defaultConnection: () => string;
  readonly newIdentity: () => string;
}

type Known = Pick<Context, "urn" | "identity" | "replaced" | "others">;

/**
 * The identities of the resources in one run of the engine. A new resource gets a new one; a create that was cut off, of
 * which no state knows, goes on with the one that it has begun with.
 */
export function openIdentities({ host, defaultConnection, newIdentity }: Sources) {
  /** What has been checked as it is: the engine checks a resource's replacement after it, as if it were new. */
  const checked = new Map<string, Replaced>();
  const asked = new Map<string, Properties>();
  /** What was checked as new, by its URN; with `--replace` that is all that the engine tells before the old one goes. */
  const replacements = new Map<string, Replaced>();
  /** What is to be done when the engine ends in peace, and so has written its state. */
  const atPeace: (() => Promise<void>)[] = [];

  const identityFor = async (urn: string, connection: unknown) => {
    if (urn === "" || typeof connection !== "string" || connectionProblem(connection) !== undefined)
      return newIdentity();
    return (await host(connection).ledger.begun(urn)) ?? newIdentity();
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
      const next = replacements.get(known.urn);
      return { ...known, replacedBy: next?.identity === known.identity ? undefined : next };
    },

    ofCreate: (inputs: Properties): Known => ({ ...ofState(inputs), replaced: checked.get(urnOf(inputs)) }),

    /**
     * Does a create. That it has begun is noted on the host, and what nobody has a state of is known by that: until the engine
     * has written what was made, also in part; or until it is refused before it has made anything. Behind another failure
     * something may be left, with which the next run goes on.
     */
    creating: async <T>({ urn, identity }: Known, { connection }: Properties, work: () => Promise<T>): Promise<T> => {
      const { ledger } = host(String(connection));
      const settleAtPeace = () => void atPeace.push(() => ledger.settle(urn, identity));
      await ledger.begin(urn, identity);
      try {
        const created = await work();
        settleAtPeace();
        return created;
      } catch (failure) {
        if (failure instanceof PartiallyCreated) settleAtPeace();
        else if (isRefusal(failure) && !(await hasEntry(ledger, identity))) await ledger.settle(urn, identity);
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
    },
  };
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
