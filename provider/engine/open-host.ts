import { systemClock } from "../host/clock";
import { canonical, type Folders, foldersOf, newSecret, temporaryFolder } from "../host/environment";
import { httpFetch } from "../host/fetch";
import { localFiles } from "../host/files";
import { fileLedger } from "../host/ledger";
import { fileLock, sweepLocks } from "../host/lock";
import { run, startProgram } from "../host/run";
import { sessionsBy } from "../host/session";
import { openVirsh } from "../libvirt/virsh";
import type { Host } from "../resource/host";
import { observedFetch, observedFiles, observedLibvirt, observedLock, type Observer } from "./writes";

/**
 * The composition root: opens one Host for all spellings of a connection URI.
 * @param observer stands before and behind every change of a host
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
  const own = localFiles(temporaryFolder(), run);
  const files = observedFiles(own, observer);
  const openSession = sessionsBy(startProgram);
  const folders = foldersOf(key);
  void sweepAll(folders);
  return {
    connection,
    canonical: key,
    // What a verb of it writes for itself is part of that verb's write.
    libvirt: observedLibvirt(openVirsh(connection, { run, openSession, files: own }), observer),
    run,
    openSession,
    files,
    fetch: observedFetch(httpFetch, observer),
    lock: observedLock(fileLock(folders.locks, own, systemClock), observer),
    ledger: fileLedger(folders.ledger, files),
    clock: systemClock,
    folders,
    newSecret,
  };
}

/** What processes that were killed have left goes at the next start, without anybody waiting for it, or minding a failure. */
async function sweepAll(folders: Folders): Promise<void> {
  const files = localFiles(temporaryFolder(), run);
  const swept = [temporaryFolder(), folders.isos, folders.consoles, folders.ledger].map((folder) =>
    files.sweep(folder),
  );
  await Promise.allSettled([...swept, sweepLocks(folders.locks, files)]);
}
