/** Our own libvirtd in its own namespaces: a libvirt that is already on the machine is not changed. */
import { execFile } from "node:child_process";
import { access, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { requirePrograms, SEARCH_PATH } from "../programs";
import { launch, IN_USE, type Serve } from "./launch";
import { checkStateDir, lockOf, socketOf } from "./paths";
import { readLiveRecord, type EmbeddedRecord } from "./record";

export { DEMO_STATE_DIR, TEST_STATE_DIR } from "./paths";

export interface EmbeddedLibvirt {
  /** Usable from outside the namespaces. */
  readonly uri: string;
  readonly stateDir: string;
  /** Target directory of the pool "default"; the same path inside and outside. */
  readonly images: string;
  /** A command with these arguments in front runs in the guests' network. */
  readonly enter: readonly string[];
  /** The same for all of its namespaces: its own processes, mounts and /run. */
  readonly inside: readonly string[];
  /** Ends every process in it and removes the state directory. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Short, because the paths of sockets are limited; created and removed by us. */
  stateDir: string;
  /** "process" ends with the starting process, also by kill -9; "detached" lives until it is stopped. */
  lifetime: "process" | "detached";
  /** A directory to serve by HTTP inside the namespace, on all of its addresses. */
  serve?: Serve;
  /** The size at which the log daemon starts a new file for a console. Default: libvirt's own, 2 MiB. */
  logBytes?: number;
  log?: (line: string) => void;
}

const PACKAGE_OF = {
  libvirtd: "libvirt-daemon-system",
  virtlogd: "libvirt-daemon-system",
  virsh: "libvirt-clients",
  "qemu-system-x86_64": "qemu-system-x86",
  "qemu-img": "qemu-utils",
  dnsmasq: "dnsmasq-base",
  iptables: "iptables",
  ip: "iproute2",
  unshare: "util-linux",
  nsenter: "util-linux",
  flock: "util-linux",
};
const STOP_SECONDS = 30;
const execute = promisify(execFile);

/** Starts one; first cleans up what an earlier, killed one has left in the same directory. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedLibvirt> {
  const { stateDir, lifetime, serve, logBytes = 2 * 2 ** 20, log } = options;
  checkStateDir(stateDir);
  checkRoot();
  await requirePrograms("an embedded libvirt", PACKAGE_OF);
  await mkdir(dirname(lockOf(stateDir)), { recursive: true });
  log?.(`starting an embedded libvirtd in ${stateDir}`);
  await launch({ stateDir, lifetime, lock: lockOf(stateDir), logBytes, ...(serve && { serve }) });
  const record = await readLiveRecord(stateDir);
  if (!record) throw new Error(`the embedded libvirt in ${stateDir} ended immediately after its start`);
  return describe(stateDir, record);
}

/** The running detached one of this directory. */
export async function findEmbedded(stateDir: string): Promise<EmbeddedLibvirt | undefined> {
  checkStateDir(stateDir);
  const record = await readLiveRecord(stateDir);
  if (record?.lifetime !== "detached") return undefined;
  const ready = await access(join(stateDir, "ready")).then(
    () => true,
    () => false,
  );
  return ready ? describe(stateDir, record) : undefined;
}

/** Ends the one of this directory, whoever started it, and removes the directory; does nothing if there is none. */
export async function stopEmbedded(stateDir: string): Promise<void> {
  checkStateDir(stateDir);
  checkRoot();
  const record = await readLiveRecord(stateDir);
  // The end of its first process ends all others, and its parent then removes the directory.
  if (record) killIfThere(record.pid);
  await removeWhenFree(stateDir);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It has ended by itself since.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function describe(stateDir: string, record: EmbeddedRecord): EmbeddedLibvirt {
  return {
    uri: `qemu:///system?socket=${socketOf(stateDir)}`,
    stateDir,
    images: join(stateDir, "images"),
    enter: ["nsenter", "-t", String(record.pid), "-n"],
    inside: ["nsenter", "-t", String(record.pid), "-n", "-m", "-p"],
    stop: () => stopEmbedded(stateDir),
  };
}

function checkRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new Error("an embedded libvirt needs root to create namespaces, bridges and taps: run this with sudo");
}

/** Waits for the last process to end; the directory then exists only if its remover was killed, too. */
async function removeWhenFree(stateDir: string): Promise<void> {
  const mark = join(stateDir, ".kvm-deploy-embedded");
  const remove = 'if [ -e "$1" ]; then rm -rf --one-file-system "$0"; fi';
  const wait = ["-w", String(STOP_SECONDS), "-E", String(IN_USE), lockOf(stateDir)];
  await execute("flock", [...wait, "sh", "-c", remove, stateDir, mark], { env: { PATH: SEARCH_PATH } }).catch(
    (cause: unknown) => {
      throw new Error(`the embedded libvirt in ${stateDir} did not end within ${STOP_SECONDS} s`, { cause });
    },
  );
}
