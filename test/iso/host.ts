import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after } from "node:test";
import { systemClock } from "../../provider/host/clock";
import { httpFetch } from "../../provider/host/fetch";
import { localFiles } from "../../provider/host/files";
import { fileLedger } from "../../provider/host/ledger";
import { fileLock } from "../../provider/host/lock";
import { localLockFiles } from "../../provider/host/lock-files";
import { run, startProgram } from "../../provider/host/run";
import { sessionsBy } from "../../provider/host/session";
import type { Libvirt } from "../../provider/libvirt/client";
import type { Host } from "../../provider/resource/host";

/** A folder that is removed after the tests of the file. */
export function scratchFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-test-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The same for one use. libvirt can see it, unlike a host's temporary folders. */
export async function withScratchFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-test-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** This machine as a host whose folders are all below `folder`, and whose libvirt has nothing. */
export function scratchHost(folder: string): Host {
  const files = localFiles(folder, run);
  const directories = {
    isos: path.join(folder, "isos"),
    consoles: path.join(folder, "consoles"),
    downloads: path.join(folder, "downloads"),
    ledger: path.join(folder, "ledger"),
    locks: path.join(folder, "locks"),
  };
  return {
    connection: "qemu:///session",
    canonical: "qemu:///session",
    libvirt: {
      list: () => Promise.resolve([]),
      keptDefinitions: () => Promise.resolve(new Map()),
    } as unknown as Libvirt,
    run,
    openSession: sessionsBy(startProgram),
    files,
    fetch: httpFetch,
    lock: fileLock(directories.locks, localLockFiles(files), systemClock),
    ledger: fileLedger(directories.ledger, files),
    clock: systemClock,
    directories,
    newSecret: () => "a secret of the test",
  };
}
