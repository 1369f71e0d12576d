import type { Fetch } from "../host/fetch";
import type { Files } from "../host/files";
import type { Lock } from "../host/lock";
import type { Libvirt } from "../libvirt/client";
import { KvmError } from "../values/errors";

/** Something that is about to change the host, or has. */
export interface Write {
  /** The verb and what it was called with first, such as `define domain`; no content. */
  readonly what: string;
}

/** Stands at the one place that every change of a host passes. What it throws before a write stops it. */
export interface Observer {
  before?(write: Write): void;
  /** After it has succeeded. */
  after?(write: Write): void;
}

type Kind = "read" | "write";
/** One line a verb: a new one doesn't compile without. */
type Table<Verbs> = Readonly<Record<keyof Verbs, Kind>>;

const libvirtVerbs: Table<Libvirt> = {
  list: "read",
  find: "read",
  exists: "read",
  definition: "read",
  liveDefinition: "read",
  isActive: "read",
  hasAutostart: "read",
  define: "write",
  startTransient: "write",
  setAutostart: "write",
  start: "write",
  stop: "write",
  undefine: "write",
  domainState: "read",
  isPersistent: "read",
  keptStates: "read",
  rename: "write",
  shutdown: "write",
  resizeBlock: "write",
  changeLive: "write",
  keptDefinitions: "read",
  agentAddresses: "read",
  updateNetwork: "write",
  networkPorts: "read",
  leases: "read",
  poolCapabilities: "read",
  secrets: "read",
  buildPool: "write",
  volumes: "read",
  volume: "read",
  createVolume: "write",
  uploadVolume: "write",
  resizeVolume: "write",
  deleteVolume: "write",
  refreshPool: "read",
  capabilities: "read",
};

const filesVerbs: Table<Files> = {
  readTextIfPresent: "read",
  readFrom: "read",
  pieces: "read",
  write: "write",
  writeAt: "write",
  stat: "read",
  isLink: "read",
  fingerprint: "read",
  list: "read",
  makeFolder: "write",
  copy: "write",
  rename: "write",
  remove: "write",
  removeEmptyFolder: "write",
  sha256: "read",
  freeSpace: "read",
  // They remove what they have made, also of a work that was stopped: nothing secret stays.
  withTemporaryFolder: "read",
  withFolderBeside: "read",
  // Of processes that are dead.
  sweep: "read",
};

const fetchVerbs: Table<Fetch> = { download: "write", bytes: "read" };

export function observedLibvirt(libvirt: Libvirt, observer: Observer): Libvirt {
  return observed(libvirt, libvirtVerbs, observer);
}

export function observedFiles(files: Files, observer: Observer): Files {
  return observed(files, filesVerbs, observer);
}

export function observedFetch(fetch: Fetch, observer: Observer): Fetch {
  return observed(fetch, fetchVerbs, observer);
}

/** Getting a lock is a write, for it leaves a file. */
export function observedLock(lock: Lock, observer: Observer): Lock {
  return async (name, work, request) => {
    const write = { what: `lock ${name}` };
    observer.before?.(write);
    return lock(
      name,
      async () => {
        observer.after?.(write);
        return work();
      },
      request,
    );
  };
}

/** Lets nothing be changed any more once the signal is aborted; what is under way goes on to its end. */
export function gate(signal: AbortSignal): Observer {
  return {
    before: () => {
      if (!signal.aborted) return;
      throw new KvmError("interrupted", "Pulumi has ended, so that nothing is changed any more", {
        remedy: "Run `pulumi up` again: it goes on from here",
      });
    },
  };
}

function observed<Verbs extends object>(verbs: Verbs, table: Table<Verbs>, observer: Observer): Verbs {
  return new Proxy(verbs, {
    get(target, key): unknown {
      const verb: unknown = Reflect.get(target, key);
      if (typeof verb !== "function" || !isWrite(table, key)) return verb;
      return async (...args: unknown[]): Promise<unknown> => {
        const write = { what: [key, args[0]].map(String).join(" ") };
        observer.before?.(write);
        const result: unknown = await Reflect.apply(verb, target, args);
        observer.after?.(write);
        return result;
      };
    },
  });
}

function isWrite(table: object, key: string | symbol): key is string {
  return Reflect.get(table, key) === "write";
}
