import type { Fetch } from "../host/fetch";
import type { Files } from "../host/files";
import type { Lock } from "../host/lock";
import type { Libvirt } from "../libvirt/client";
import { KvmError } from "../values/errors";

/** A change of the host, before or after it is made. */
export interface Write {
  /** The verb and its first arguments, such as `define domain`; no content. */
  readonly what: string;
}

/** Called at the one place that every change of a host passes. An exception before a write stops it. */
export interface Observer {
  before?(write: Write): void;
  /** Called after a successful write. */
  after?(write: Write): void;
}

type Kind = "read" | "write";
/** One line for each verb: a new verb doesn't compile without one. */
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
  counters: "read",
  screenshot: "read",
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
  md5OfStarts: "read",
  write: "write",
  writeAt: "write",
  stat: "read",
  isLink: "read",
  fingerprint: "read",
  list: "read",
  createDirectory: "write",
  copy: "write",
  rename: "write",
  remove: "write",
  removeEmptyDirectory: "write",
  sha256: "read",
  freeSpace: "read",
  // These remove what they have created, also after the work was stopped: no secret stays.
  withTemporaryDirectory: "read",
  withDirectoryNextTo: "read",
  // Of dead processes.
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

/** Getting a lock is a write, because it leaves a file. */
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

/** Allows no more changes once the signal is aborted; a running change continues to its end. */
export function gate(signal: AbortSignal): Observer {
  return {
    before: () => {
      if (!signal.aborted) return;
      throw new KvmError("interrupted", "Pulumi has ended, so nothing more is changed", {
        remedy: "Run `pulumi up` again: it continues from here",
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
