import { withoutInternals } from "../resource/check";
import type { Context, Properties, Replaced } from "../resource/handler";
import type { Host } from "../resource/host";
import { isNamesake } from "../resource/ownership";
import { connectionProblem } from "../values/connection";
import { Conflict, type ErrorCode, KvmError, PartiallyCreated } from "../values/errors";
import { legacyIdentity } from "../values/identity";

/** The key of the URN among the inputs. The SDK adds it, because Pulumi doesn't pass the URN to dynamic providers. */
export const urnKey = "__urn";
/** The key of a resource's identity in its state. */
export const identityKey = "__identity";

export interface Sources {
  readonly host: (connection: string) => Host;
  readonly defaultConnection: () => string;
  readonly newIdentity: () => string;
  /** Aborted when the engine ends without a signal. */
  readonly engineEnd: AbortSignal;
}

type Known = Pick<Context, "urn" | "identity" | "replaced" | "others">;

/**
 * The identities of the resources in one run of the engine. A new resource gets a new identity; a create that was
 * interrupted, and is in no state, continues with the identity that it has started with.
 */
export class Identities {
  readonly #sources: Omit<Sources, "engineEnd">;
  /**
   * The inputs of the checked existing resources: after a resource, the engine checks its replacement as if it were
   * new.
   */
  readonly #checked = new Map<string, Replaced>();
  readonly #asked = new Map<string, Properties>();
  /**
   * The inputs that were checked as new, by URN. With `--replace` the engine sends nothing else before it deletes the
   * old resource.
   */
  readonly #replacements = new Map<string, Replaced>();
  /** Work for the normal end of the engine, which has then written its state. */
  readonly #atPeace: (() => Promise<void>)[] = [];
  /** The creates that no other run may continue while this one lives. */
  readonly #turns: Promise<void>[] = [];
  readonly #end = new AbortController();
  readonly #ended: Promise<unknown>;

  constructor({ engineEnd, ...sources }: Sources) {
    this.#sources = sources;
    engineEnd.addEventListener("abort", () => this.#end.abort());
    this.#ended = new Promise((resolve) => {
      this.#end.signal.addEventListener("abort", resolve);
    });
  }

  /** @param olds the inputs of the last deployment; empty for a new thing */
  async ofCheck(olds: Properties, news: Properties): Promise<Known> {
    const urn = urnOf(news);
    const inputs = withoutInternals(olds);
    this.#asked.set(urn, withoutInternals(news));
    const others = () => [...this.#asked].flatMap(([other, given]) => (other === urn ? [] : [given]));
    if (Object.keys(inputs).length > 0) {
      const { identity } = ofState(olds);
      this.#checked.set(urn, { identity, inputs });
      return { urn, identity, others };
    }
    const replaced = this.#checked.get(urn);
    const connection = news["connection"] ?? replaced?.inputs["connection"] ?? this.#sources.defaultConnection();
    return { urn, replaced, others, identity: await this.#identityFor(urn, connection) };
  }

  /** A check has returned the inputs of a possible replacement. */
  checkedNew({ urn, identity }: Known, inputs: Properties): void {
    this.#replacements.set(urn, { identity, inputs });
  }

  ofDelete(state: Properties): Known & Pick<Context, "replacedBy"> {
    const known = ofState(state);
    return { ...known, replacedBy: successorOf(known, this.#replacements) };
  }

  ofCreate(inputs: Properties): Known {
    const known = ofState(inputs);
    // A thing that was created before another one is deleted doesn't replace it.
    this.#replacements.delete(known.urn);
    return { ...known, replaced: this.#checked.get(known.urn) };
  }

  /**
   * Does a create. The host keeps a record that the create has started, by which an interrupted create is recognised.
   * The record is kept until the engine has written the state, even of a part; or until the create is refused before
   * it has changed anything. After another failure something may exist, and the next run continues with it.
   */
  async creating<T>({ urn, identity }: Known, { connection }: Properties, work: () => Promise<T>): Promise<T> {
    const at = this.#sources.host(String(connection));
    const settleAtPeace = () => void this.#atPeace.push(() => at.ledger.settle(urn, identity));
    // No run can continue a resource without a URN.
    if (urn !== "") await this.#keepTurn(at, urn, () => begin(at.ledger, urn, identity));
    try {
      const created = await work();
      settleAtPeace();
      return created;
    } catch (failure) {
      if (failure instanceof PartiallyCreated) settleAtPeace();
      else if (isRefusal(failure) && !(await hasEntry(at.ledger, identity))) await at.ledger.settle(urn, identity);
      throw failure;
    }
  }

  /**
   * Does an update or a delete. The state knows its result only when the engine has written the state. Until then,
   * and after a failure, the host keeps a record that it has started, so the next run completes it, even without a
   * difference in the inputs.
   */
  async changing<T>(state: Properties, work: () => Promise<T>): Promise<T> {
    const { urn: owner, identity } = ofState(state);
    const { ledger } = this.#sources.host(String(state["connection"]));
    await ledger.open({ owner, identity });
    const result = await work();
    this.#atPeace.push(() => ledger.close(identity));
    return result;
  }

  async close(state: Properties): Promise<void> {
    await this.#sources.host(String(state["connection"])).ledger.close(ofState(state).identity);
  }

  isOpen(state: Properties): Promise<boolean> {
    const connection = state["connection"];
    return typeof connection === "string"
      ? this.#sources.host(connection).ledger.isOpen(ofState(state).identity)
      : Promise.resolve(false);
  }

  /** A state has the resource: a create without a state is none of this resource. */
  async settle(state: Properties): Promise<void> {
    const { urn, identity } = ofState(state);
    const connection = state["connection"];
    if (typeof connection === "string") await this.#sources.host(connection).ledger.settle(urn, identity);
  }

  /** The engine has ended normally, and has written its state. */
  async settleAll(): Promise<void> {
    await Promise.allSettled(this.#atPeace.map((work) => work()));
    this.#end.abort();
    await Promise.allSettled(this.#turns);
  }

  /** @returns when `first` is done; the turn is kept until the run or its engine ends */
  #keepTurn(at: Host, urn: string, first: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const work = async () => {
        await first();
        resolve();
        await this.#ended;
      };
      this.#turns.push(inTurn(at, urn, work).catch(reject));
    });
  }

  async #identityFor(urn: string, connection: unknown): Promise<string> {
    const { host, newIdentity } = this.#sources;
    if (urn === "" || typeof connection !== "string" || connectionProblem(connection) !== undefined)
      return newIdentity();
    const at = host(connection);
    if ((await at.ledger.started(urn)) === undefined) return newIdentity();
    return (await inTurn(at, urn, () => at.ledger.started(urn))) ?? newIdentity();
  }
}

/**
 * The replacement, which was checked as new. Since the old state was written, the stack may have been renamed or the
 * resource moved into a component: then the name is the same and the URN is not. If several resources have the name,
 * the replacement is unknown.
 */
function successorOf({ urn, identity }: Known, replacements: ReadonlyMap<string, Replaced>): Replaced | undefined {
  const namesakes = [...replacements].filter(([other]) => isNamesake(other, urn)).map(([, replaced]) => replaced);
  if (namesakes.some((each) => each.identity === identity)) return undefined;
  return replacements.get(urn) ?? (namesakes.length === 1 ? namesakes[0] : undefined);
}

/** Two runs would wait for each other for ever if each creates what the other one needs next. */
const patienceMs = 30_000;

/** A create that another live run has started was not interrupted. @throws Conflict when that run takes long */
async function inTurn<T>({ lock }: Host, urn: string, work: () => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(patienceMs);
  let obstacle = "waits for it";
  const progress = (text: string) => (obstacle = text);
  try {
    return await lock(`the creation of ${urn}`, work, { urn, signal, progress });
  } catch (failure) {
    if (!signal.aborted || !(failure instanceof KvmError) || failure.code !== "interrupted") throw failure;
    throw new Conflict(`another run of Pulumi is creating the same resource: this one ${obstacle}`, {
      remedy: "Run this again when that run has ended",
    });
  }
}

async function begin(ledger: Host["ledger"], urn: string, identity: string): Promise<void> {
  const noted = await ledger.started(urn);
  if (noted !== undefined && noted !== identity)
    throw new Conflict("another run of Pulumi has started to create the same resource", {
      remedy: "Run `pulumi up` again",
    });
  await ledger.start(urn, identity);
}

/** The codes of errors before any change; after another error, something may exist. */
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

/** The owner of a resource by what the engine keeps of it. */
export function ofState(state: Properties): { readonly urn: string; readonly identity: string } {
  const [urn, identity] = [urnOf(state), state[identityKey]];
  return { urn, identity: typeof identity === "string" ? identity : legacyIdentity(urn) };
}

export function urnOf(properties: Properties): string {
  const urn = properties[urnKey];
  return typeof urn === "string" ? urn : "";
}
