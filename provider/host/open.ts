import { randomBytes } from "node:crypto";
import { openVirsh } from "../libvirt/virsh";
import { systemClock } from "./clock";
import { foldersOf, temporaryFolder } from "./environment";
import { httpFetch } from "./fetch";
import { localFiles } from "./files";
import type { Host } from "./index";
import { fileLedger } from "./ledger";
import { socketLock, socketProbe } from "./lock";
import { run, startProgram } from "./run";
import { sessionsBy } from "./session";

const hosts = new Map<string, Host>();

/** The composition root: one Host for each connection URI of this process. */
export function openHost(connection: string): Host {
  const known = hosts.get(connection);
  if (known !== undefined) return known;
  const host = composeHost(connection);
  hosts.set(connection, host);
  return host;
}

function composeHost(connection: string): Host {
  const files = localFiles(temporaryFolder(), run);
  const openSession = sessionsBy(startProgram);
  const folders = foldersOf(connection);
  return {
    connection,
    libvirt: openVirsh(connection, { run, openSession, files }),
    run,
    openSession,
    files,
    fetch: httpFetch,
    lock: socketLock(connection, systemClock),
    isLocked: socketProbe(connection),
    ledger: fileLedger(folders.ledger, files),
    clock: systemClock,
    folders,
    newSecret: () => randomBytes(32).toString("hex"),
  };
}
