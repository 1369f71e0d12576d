import { createHash } from "node:crypto";
import path from "node:path";
import { KvmError } from "../values/errors";
import { legacyIdentity, type Owner } from "../values/identity";
import { type Files, parseFingerprint } from "./files";

/** What can't carry a mark of its own. A reservation's name is `NETWORK/MAC`, what it is known by the address. */
export type LedgerKind = "volume" | "pool" | "reservation";

/**
 * What has to be known of a thing later on.
 * - `making`: its content isn't complete; what there is of it can be thrown away
 * - `adopted`: it was there before
 * - `made-folder`: its folder was made with it
 */
export type LedgerNote = "making" | "adopted" | "made-folder";

const notes: readonly LedgerNote[] = ["making", "adopted", "made-folder"];

export interface LedgerEntry extends Owner {
  readonly note?: LedgerNote | undefined;
  /** What the very thing is known by that was made or taken over: a pool's UUID, a volume's image. */
  readonly thing?: string | undefined;
  /** The image format that a volume was made as. */
  readonly format?: string | undefined;
  /** What the folder is known by that a volume's image lies in: where another one is in its place, nothing can be told. */
  readonly folder?: string | undefined;
  /** Whether an earlier release wrote it, which did not note the thing. */
  readonly isLegacy?: true;
}

/**
 * Who made the things that libvirt keeps no metadata of. An entry is written before the thing is made and removed after
 * it is deleted, so that a create that was cut off is known as ours.
 */
export interface Ledger {
  /** Undefined when kvm-deploy neither made it nor took it over. */
  entry(kind: LedgerKind, name: string): Promise<LedgerEntry | undefined>;
  claim(kind: LedgerKind, name: string, entry: LedgerEntry): Promise<void>;
  release(kind: LedgerKind, name: string): Promise<void>;
  /** The same, unless it is another's by now, who has something else of that name. */
  releaseOf(identity: string, kind: LedgerKind, name: string): Promise<void>;
  names(kind: LedgerKind): Promise<readonly string[]>;
  /** The file of an entry, for messages. */
  fileOf(kind: LedgerKind, name: string): string;
  /** The file that whoever makes the thing writes right after that, by the same program: what it is known by. */
  recordOf(kind: LedgerKind, name: string): string;
  /** The file that it has locked meanwhile. */
  busyOf(kind: LedgerKind, name: string): string;

  /** The identity that a create of that URN has begun with, as long as no state is known to hold it. */
  begun(urn: string): Promise<string | undefined>;
  begin(urn: string, identity: string): Promise<void>;
  /** A state holds the identity: a create without a state goes on with it no more. */
  settle(urn: string, identity: string): Promise<void>;
  /** Whether an update or a delete has begun of which no state is known to tell the end. */
  isOpen(identity: string): Promise<boolean>;
  open(owner: Owner): Promise<void>;
  close(identity: string): Promise<void>;
  /** All creates that no state is known to hold. */
  allBegun(): Promise<readonly Owner[]>;
  /** Whose updates and deletes have begun, without an end that a state is known to tell. */
  allOpen(): Promise<readonly Owner[]>;
}

const ending = ".json";

export function fileLedger(folder: string, files: Files): Ledger {
  const baseOf = (kind: LedgerKind, name: string) => path.join(folder, `${kind}-${encodeURIComponent(name)}`);
  const fileOf = (kind: LedgerKind, name: string) => `${baseOf(kind, name)}${ending}`;
  const recordOf = (kind: LedgerKind, name: string) => `${baseOf(kind, name)}.made`;
  const busyOf = (kind: LedgerKind, name: string) => `${baseOf(kind, name)}.busy`;
  const begunFile = (urn: string) => path.join(folder, `begun-${digest(urn)}${ending}`);
  const openFile = (identity: string) => path.join(folder, `open-${digest(identity)}${ending}`);
  const write = async (file: string, content: object) => {
    const attempt = async () => {
      await files.makeFolder(folder, 0o700);
      await files.write(file, `${JSON.stringify(content)}\n`);
    };
    // Whoever releases the last entry removes the folder, which may be between these two.
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
    await files.removeEmptyFolder(folder);
  };
  const ownersIn = async (prefix: string) => {
    const all = (await files.list(folder)).filter((file) => file.startsWith(prefix) && file.endsWith(ending));
    const read = await Promise.all(all.map((file) => readOwner(path.join(folder, file))));
    return read.filter((owner) => owner !== undefined);
  };
  return {
    entry: entryOf,
    claim: async (kind, name, { owner, identity, note, thing, format, folder: place }) => {
      // A record of what had the name before must not become this one's.
      if (thing === undefined) await files.remove(recordOf(kind, name));
      await write(fileOf(kind, name), { owner, identity, note, thing, format, folder: place });
      await files.remove(baseOf(kind, name));
      if (thing !== undefined) await files.remove(recordOf(kind, name));
    },
    release,
    releaseOf: async (identity, kind, name) => {
      if ((await entryOf(kind, name))?.identity === identity) await release(kind, name);
    },
    names: async (kind) => {
      const all = await files.list(folder);
      const names = all.flatMap((file) => nameIn(file, `${kind}-`) ?? []);
      return [...new Set(names)];
    },
    fileOf,
    recordOf,
    busyOf,
    begun: async (urn) => (await readOwner(begunFile(urn)))?.identity,
    begin: (urn, identity) => write(begunFile(urn), { owner: urn, identity }),
    settle: async (urn, identity) => {
      if ((await readOwner(begunFile(urn)))?.identity !== identity) return;
      await files.remove(begunFile(urn));
      await files.removeEmptyFolder(folder);
    },
    isOpen: async (identity) => (await files.stat(openFile(identity))) !== undefined,
    open: ({ owner, identity }) => write(openFile(identity), { owner, identity }),
    close: async (identity) => {
      await files.remove(openFile(identity));
      await files.removeEmptyFolder(folder);
    },
    allBegun: () => ownersIn("begun-"),
    allOpen: () => ownersIn("open-"),
  };
}

/** An earlier release gave its files no ending; the temporary ones of a write have another. */
function nameIn(file: string, prefix: string): string | undefined {
  if (!file.startsWith(prefix) || /\.(part|made|busy)$/.test(file)) return undefined;
  return decodeURIComponent(file.slice(prefix.length, file.endsWith(ending) ? -ending.length : undefined));
}

/** Written complete or not at all: what is damaged was so by a disk or a hand, and says nothing of whose the thing is. */
function parseOwner(text: string, file: string): Owner {
  const kept = parsed(text) as Partial<Owner> | null | undefined;
  if (typeof kept?.identity === "string" && typeof kept.owner === "string") return kept as Owner;
  throw new KvmError("conflict", `${file} is damaged: it doesn't tell any more who made what it is about`, {
    remedy:
      "Put it back from a backup. Without one, look whether the thing is yours, remove the file, and give the thing up by `pulumi state delete URN`",
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The first line is the owner's, the second a note. */
function parseLegacy(text: string): LedgerEntry {
  const [owner = "", noted = ""] = text.split("\n");
  const note = notes.find((candidate) => candidate === noted);
  return { owner, identity: legacyIdentity(owner), isLegacy: true, ...(note === undefined ? {} : { note }) };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
