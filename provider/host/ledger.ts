import { createHash } from "node:crypto";
import path from "node:path";
import { KvmError } from "../values/errors";
import { legacyIdentity, type Owner } from "../values/identity";
import type { Shared } from "../values/sharing";
import { type Files, parseFingerprint } from "./files";

/** Things that can't have a mark. The name of a reservation is `NETWORK/MAC`, and its `thing` is the address. */
export type LedgerKind = "volume" | "pool" | "reservation";

/**
 * Facts about a thing that later operations need.
 * - `making`: its content isn't complete; a partial thing can be discarded
 * - `adopted`: it was there before
 * - `made-folder`: its directory was created with it
 */
export type LedgerNote = "making" | "adopted" | "made-folder";

const notes: readonly LedgerNote[] = ["making", "adopted", "made-folder"];

export interface LedgerEntry extends Shared {
  readonly note?: LedgerNote | undefined;
  /** Identifies the very thing that was created or taken over: a pool's UUID, a volume's image. */
  readonly thing?: string | undefined;
  /** The image format with which a volume was created. */
  readonly format?: string | undefined;
  /** Identifies the directory of a volume's image: if it was replaced, the state of the volume is unknown. */
  readonly folder?: string | undefined;
  /** Whether an earlier release wrote the entry, without `thing`. */
  readonly isLegacy?: true;
}

/**
 * The owners of things that libvirt keeps no metadata of. An entry is written before the thing is created and removed
 * after it is deleted, so an interrupted create is recognised.
 */
export interface Ledger {
  /** Undefined if kvm-deploy neither created it nor took it over. */
  entry(kind: LedgerKind, name: string): Promise<LedgerEntry | undefined>;
  claim(kind: LedgerKind, name: string, entry: LedgerEntry): Promise<void>;
  release(kind: LedgerKind, name: string): Promise<void>;
  /** The entry of this identity; undefined if another thing with that name has replaced it. */
  releaseOf(identity: string, kind: LedgerKind, name: string): Promise<void>;
  names(kind: LedgerKind): Promise<readonly string[]>;
  /** The file of an entry, for messages. */
  fileOf(kind: LedgerKind, name: string): string;
  /** The file in which the program that creates the thing records its identity, immediately after the creation. */
  recordOf(kind: LedgerKind, name: string): string;
  /** The file that this program locks during the creation. */
  busyOf(kind: LedgerKind, name: string): string;

  /** The identity with which a create of that URN has started, until a state has it. */
  started(urn: string): Promise<string | undefined>;
  start(urn: string, identity: string): Promise<void>;
  /** A state has the identity: a create without a state no longer continues with it. */
  settle(urn: string, identity: string): Promise<void>;
  /** Whether an update or a delete has started whose end is in no known state. */
  isOpen(identity: string): Promise<boolean>;
  open(owner: Owner): Promise<void>;
  close(identity: string): Promise<void>;
  /** All creates that are in no known state. */
  allBegun(): Promise<readonly Owner[]>;
  /** The owners of updates and deletes that have started and whose end is in no known state. */
  allOpen(): Promise<readonly Owner[]>;
}

const ending = ".json";

export function fileLedger(directory: string, files: Files): Ledger {
  const baseOf = (kind: LedgerKind, name: string) => path.join(directory, `${kind}-${encodeURIComponent(name)}`);
  const fileOf = (kind: LedgerKind, name: string) => `${baseOf(kind, name)}${ending}`;
  const recordOf = (kind: LedgerKind, name: string) => `${baseOf(kind, name)}.made`;
  const busyOf = (kind: LedgerKind, name: string) => `${baseOf(kind, name)}.busy`;
  const begunFile = (urn: string) => path.join(directory, `begun-${digest(urn)}${ending}`);
  const openFile = (identity: string) => path.join(directory, `open-${digest(identity)}${ending}`);
  const write = async (file: string, content: object) => {
    const attempt = async () => {
      await files.createDirectory(directory, 0o700);
      await files.write(file, `${JSON.stringify(content)}\n`);
    };
    // The process that releases the last entry removes the directory, possibly between these two calls.
    await attempt().catch(attempt);
  };
  const readOwner = async (file: string) => {
    const text = await files.readTextIfPresent(file);
    return text === undefined ? undefined : parseOwner(text, file);
  };
  const entryOf = async (kind: LedgerKind, name: string) => {
    const entry: LedgerEntry | undefined = await readOwner(fileOf(kind, name));
    if (entry === undefined) {
      const legacy = await files.readTextIfPresent(baseOf(kind, name));
      return legacy === undefined ? undefined : parseLegacy(legacy);
    }
    const recorded = entry.thing === undefined ? await files.readTextIfPresent(recordOf(kind, name)) : undefined;
    return recorded === undefined ? entry : { ...entry, thing: parseFingerprint(recorded) };
  };
  const release = async (kind: LedgerKind, name: string) => {
    for (const of of [busyOf, recordOf, baseOf, fileOf]) await files.remove(of(kind, name));
    await files.removeEmptyDirectory(directory);
  };
  const ownersIn = async (prefix: string) => {
    const all = (await files.list(directory)).filter((file) => file.startsWith(prefix) && file.endsWith(ending));
    const read = await Promise.all(all.map((file) => readOwner(path.join(directory, file))));
    return read.filter((owner) => owner !== undefined);
  };
  return {
    entry: entryOf,
    claim: async (kind, name, { owner, identity, sharers, note, thing, format, folder }) => {
      // A record of an earlier thing with that name must not become the record of this one.
      if (thing === undefined) await files.remove(recordOf(kind, name));
      await write(fileOf(kind, name), { owner, identity, sharers, note, thing, format, folder });
      await files.remove(baseOf(kind, name));
      if (thing !== undefined) await files.remove(recordOf(kind, name));
    },
    release,
    releaseOf: async (identity, kind, name) => {
      if ((await entryOf(kind, name))?.identity === identity) await release(kind, name);
    },
    names: async (kind) => {
      const all = await files.list(directory);
      const names = all.flatMap((file) => nameIn(file, `${kind}-`) ?? []);
      return [...new Set(names)];
    },
    fileOf,
    recordOf,
    busyOf,
    started: async (urn) => (await readOwner(begunFile(urn)))?.identity,
    start: (urn, identity) => write(begunFile(urn), { owner: urn, identity }),
    settle: async (urn, identity) => {
      if ((await readOwner(begunFile(urn)))?.identity !== identity) return;
      await files.remove(begunFile(urn));
      await files.removeEmptyDirectory(directory);
    },
    isOpen: async (identity) => (await files.stat(openFile(identity))) !== undefined,
    open: ({ owner, identity }) => write(openFile(identity), { owner, identity }),
    close: async (identity) => {
      await files.remove(openFile(identity));
      await files.removeEmptyDirectory(directory);
    },
    allBegun: () => ownersIn("begun-"),
    allOpen: () => ownersIn("open-"),
  };
}

/** An earlier release gave its files no extension; temporary files of a write have another one. */
function nameIn(file: string, prefix: string): string | undefined {
  if (!file.startsWith(prefix) || /\.(part|made|busy)$/.test(file)) return undefined;
  return decodeURIComponent(file.slice(prefix.length, file.endsWith(ending) ? -ending.length : undefined));
}

/**
 * Entries are written completely or not at all: a damaged one was damaged by a disk or by hand, and its owner is
 * unknown.
 */
function parseOwner(text: string, file: string): Owner {
  const kept = parsed(text) as Partial<Owner> | null | undefined;
  if (typeof kept?.identity === "string" && typeof kept.owner === "string") return kept as Owner;
  throw new KvmError("conflict", `${file} is damaged, so the owner of the thing that it describes is unknown`, {
    remedy:
      "Restore it from a backup. Without a backup, check that the thing is yours, delete the file, and remove the resource from the state (`pulumi state delete URN`)",
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The first line is the owner, the second one a note. */
function parseLegacy(text: string): LedgerEntry {
  const [owner = "", noted = ""] = text.split("\n");
  const note = notes.find((candidate) => candidate === noted);
  return { owner, identity: legacyIdentity(owner), isLegacy: true, ...(note === undefined ? {} : { note }) };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
