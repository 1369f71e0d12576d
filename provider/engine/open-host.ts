import { systemClock } from "../host/clock";
import { canonical, type Directories, directoriesOf, newSecret, temporaryDirectory } from "../host/environment";
import { httpFetch } from "../host/fetch";
import { localFiles } from "../host/files";
import { fileLedger } from "../host/ledger";
import { fileLock } from "../host/lock";
import { localLockFiles, sweepLocks } from "../host/lock-files";
import { remoteParts } from "../host/remote";
import { run, startProgram } from "../host/run";
import { sessionsBy } from "../host/session";
import { openVirsh } from "../libvirt/virsh";
import type { Host } from "../resource/host";
import { parseRemote } from "../values/remote-connection";
import { observedFetch, observedFiles, observedLibvirt, observedLock, type Observer } from "./writes";

/**
 * Opens one Host for all spellings of a connection URI.
 * @param observer is called before and after every change of a host
 */
export function hostsWith(observer: Observer): (connection: string) => Host {
  const hosts = new Map<string, Host>();
  return (connection) => {
    const key = canonical(connection);
    const known = hosts.get(key);
    if (known !== undefined) return known;
    const host = composeHost(connection, key, observer);
    hosts.set(key, host);
    return host;
  };
}

export const openHost = hostsWith({});

function composeHost(connection: string, key: string, observer: Observer): Host {
  const { run, files: own, openSession, fetch, lockFiles, directories, uri } = partsOf(connection, key);
  const files = observedFiles(own, observer);
  return {
    connection,
    canonical: key,
    // The changes that a verb makes for itself are part of that verb's write.
    libvirt: observedLibvirt(openVirsh(uri, { run, openSession, files: own }), observer),
    run,
    openSession,
    files,
    fetch: observedFetch(fetch, observer),
    lock: observedLock(fileLock(directories.locks, lockFiles, systemClock), observer),
    ledger: fileLedger(directories.ledger, files),
    clock: systemClock,
    directories,
    newSecret,
  };
}

function partsOf(connection: string, key: string): ReturnType<typeof remoteParts> {
  const target = parseRemote(connection);
  return target === undefined ? localParts(connection, key) : remoteParts(target, httpFetch);
}

function localParts(uri: string, key: string) {
  const files = localFiles(temporaryDirectory(), run);
  const directories = directoriesOf(key);
  void sweepAll(directories);
  const lockFiles = localLockFiles(files);
  return { run, files, openSession: sessionsBy(startProgram), fetch: httpFetch, lockFiles, directories, uri };
}

/**
 * Removes the temporary files of killed processes at the next start. Nothing waits for it, and a failure has no effect.
 */
async function sweepAll(directories: Directories): Promise<void> {
  const files = localFiles(temporaryDirectory(), run);
  const swept = [temporaryDirectory(), directories.isos, directories.consoles, directories.ledger].map((directory) =>
    files.sweep(directory),
  );
  await Promise.allSettled([...swept, sweepLocks(directories.locks, files)]);
}
