import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { openHost } from "../../provider/engine/open-host";
import type { Host } from "../../provider/resource/host";
import { type EmbeddedLibvirt, startEmbedded, TEST_STATE_DIR } from "../../tools/embedded/index";
import { makeDebianIso } from "../iso/debian-iso";
import { quickSource } from "../resources/machine/quick-source";
import type { ChildSite } from "./child";

const execute = promisify(execFile);

/** A libvirtd of its own with what others have on it, and a folder for what is given to and kept by the programs. */
export interface Lane {
  readonly number: number;
  readonly host: Host;
  readonly embedded: EmbeddedLibvirt;
  readonly folder: string;
  readonly site: ChildSite;
  daemonPid(): number;
  /** After a kill of it. */
  startDaemon(): Promise<void>;
  /** Everything that runs stops, what lies in memory is gone, and only autostart starts anything. */
  reboot(): Promise<void>;
  stop(): Promise<void>;
}

/** A guest of one boot sector, which powers off when its power button is pressed. */
const polite = "ba0206b80001effbf4ba0006edf6c40174f5ba0406b80020eff4";

/** @param secret what no file may hold but in its place; eight characters, as VNC takes them */
export async function startLane(number: number, secret: string): Promise<Lane> {
  const embedded = await startEmbedded({ stateDir: `${TEST_STATE_DIR}-kills-${number}`, lifetime: "process" });
  const host = openHost(embedded.uri);
  forget(host);
  const folder = mkdtempSync(path.join(tmpdir(), "kill-points-"));
  const [sources, pools] = [`${folder}/sources`, `${folder}/pools`];
  for (const each of [sources, pools]) mkdirSync(each);
  writeFileSync(`${sources}/polite.raw`, bootDisk(polite));
  makeDebianIso(`${sources}/source.iso`);
  const isoSha256 = await host.files.sha256(`${sources}/source.iso`);
  const { sha256: quickSha256 } = quickSource(sources, "quick");
  const site = {
    connection: embedded.uri,
    sources,
    pools,
    isoSha256,
    quickSha256,
    secret,
    stateFile: `${folder}/state.json`,
  };
  writeFileSync(site.stateFile, "[]");
  const daemonPid = () => processIn(embedded, "libvirtd");
  const start = (name: "libvirtd" | "virtlogd") =>
    execute("nsenter", [...inside(embedded), name, "--daemon", "--pid-file", `/run/${name}.pid`]);
  const startDaemon = async () => {
    await start("libvirtd");
    await host.libvirt.list("domain");
  };
  return {
    ...{ number, host, embedded, folder, site, daemonPid, startDaemon },
    reboot: async () => {
      await stopAll(host);
      for (const name of ["libvirtd", "virtlogd"]) process.kill(processIn(embedded, name), "SIGKILL");
      emptyFolder(`${embedded.stateDir}/run`);
      await start("virtlogd");
      await startDaemon();
    },
    stop: async () => {
      await embedded.stop();
      forget(host);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What kvm-deploy keeps of a host that is no more, or that an earlier run had. */
function forget({ directories }: Host): void {
  const own = path.dirname(directories.ledger);
  // That of the machine's own libvirt isn't below hosts/.
  if (path.basename(path.dirname(own)) === "hosts") rmSync(own, { recursive: true, force: true });
}

function bootDisk(code: string): Buffer {
  const disk = Buffer.alloc(2 ** 20);
  Buffer.from(code, "hex").copy(disk);
  disk.set([0x55, 0xaa], 510);
  return disk;
}

function inside(embedded: EmbeddedLibvirt): string[] {
  return ["-t", initOf(embedded), "-m", "-n", "-p"];
}

function initOf({ stateDir }: EmbeddedLibvirt): string {
  return readFileSync(`${stateDir}/record`, "utf8").split(" ")[1] ?? "";
}

/** The id here of the oldest process of that name in the lane's namespaces. */
function processIn(embedded: EmbeddedLibvirt, name: string): number {
  const namespace = namespaceOf(initOf(embedded));
  const pids = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && nameOf(pid) === name);
  const [oldest] = pids
    .filter((pid) => namespaceOf(pid) === namespace)
    .sort((one, other) => Number(one) - Number(other));
  if (oldest === undefined) throw new Error(`no ${name} runs in ${embedded.stateDir}`);
  return Number(oldest);
}

function nameOf(pid: string): string {
  return unlessGone(() => readFileSync(`/proc/${pid}/comm`, "utf8").trim());
}

function namespaceOf(pid: string): string {
  return unlessGone(() => readlinkSync(`/proc/${pid}/ns/pid`));
}

function unlessGone(look: () => string): string {
  try {
    return look();
  } catch {
    return "";
  }
}

function emptyFolder(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true, force: true });
}

async function stopAll({ libvirt }: Host): Promise<void> {
  for (const kind of ["domain", "network", "pool"] as const)
    for (const { uuid, isActive } of await libvirt.list(kind)) if (isActive) await libvirt.stop(kind, uuid);
}
