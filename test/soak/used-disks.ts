import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { installerIso } from "../../provider/resources/installer-iso/handler";
import { debianMedia } from "../../tools/debian-media/index";
import { emulated } from "../../tools/demo/site";
import { serve } from "../../tools/embedded/serve";
import { testContext } from "../context";
import { root } from "../site";
import { optionsOf } from "./options";
import { type SoakSite, withSite } from "./site";

type Layout = "whole" | "lvm" | "encrypted" | "raid1" | "raid1-lvm";
type Firmware = "bios" | "uefi";

/** One installation, on the disks as the one before has left them. */
interface Step {
  readonly layout: Layout;
  /** Numbers of the disks to install on. */
  readonly on: readonly number[];
  /** What has happened to the disks since. */
  readonly since?: (disks: readonly string[]) => void;
  /** Numbers of disks that the installation must not change. */
  readonly keeps?: readonly number[];
  /** Options of the disk in addition. */
  readonly disk?: Readonly<Record<string, unknown>>;
  /** What the installer's log ends with, where it must refuse the disks. */
  readonly refused?: RegExp;
}

const mebibyte = 2 ** 20;
const diskSize = 5120 * mebibyte;

/** Each layout over itself and over others, whole and damaged; the disk of number 0 is /dev/vda. */
const steps: Readonly<Record<string, Step>> = {
  lvm: { layout: "lvm", on: [0] },
  "lvm over lvm": { layout: "lvm", on: [0], disk: { swap: "256MiB", mounts: [{ path: "/home", size: "300MiB" }] } },
  "lvm next to lvm of the same name": { layout: "lvm", on: [1], keeps: [0] },
  "whole over a damaged GPT": { layout: "whole", on: [0], since: ([disk = ""]) => zero(disk, 512, 512), keeps: [1] },
  "raid1 over whole and lvm": { layout: "raid1", on: [0, 1] },
  "raid1 over raid1": { layout: "raid1", on: [0, 1] },
  "raid1 over half an array": { layout: "raid1", on: [0, 1], since: ([, disk = ""]) => zero(disk, 0, diskSize) },
  "encrypted over a member of an array": { layout: "encrypted", on: [0], keeps: [1] },
  "encrypted over encrypted": { layout: "encrypted", on: [0], keeps: [1] },
  "raid1-lvm over encrypted and half an array": { layout: "raid1-lvm", on: [0, 1] },
  "raid1-lvm over raid1-lvm": { layout: "raid1-lvm", on: [0, 1], disk: { swap: "256MiB" } },
  "lvm over a member, next to the other": { layout: "lvm", on: [0], keeps: [1] },
};

const patienceMs = 15 * 60_000;
const port = 8089;

/**
 * The real installer of Debian over disks that were used before, until it has partitioned them:
 * [--firmware bios|uefi] [--only TEXT]. The disks go from one step to the next.
 */
export async function usedDisks(args: readonly string[]): Promise<boolean> {
  const { firmware, only = "" } = optionsOf(args, ["firmware", "only"]);
  const chosen = Object.entries(steps).filter(([name]) => name.includes(only));
  const media = await debianMedia({ cacheDir: path.join(root, ".cache/debian-media"), log: console.log });
  const server = serve(media.mirror, port, "127.0.0.1");
  const folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-used-disks-"));
  let bad = 0;
  try {
    await withSite("soak-used-disks", 0, async (site) => {
      for (const each of firmware === undefined ? (["bios", "uefi"] as const) : [firmware as Firmware]) {
        const disks = [0, 1].map((number) => emptyDisk(path.join(folder, `${each}-${number}.raw`)));
        for (const [name, step] of chosen) {
          const started = Date.now();
          const fault = await install(site, media, step, each, disks, folder);
          const seconds = Math.round((Date.now() - started) / 1000);
          console.log(`${each}, ${name}: ${fault ?? "fine"} (${seconds} s)`);
          bad += fault === undefined ? 0 : 1;
        }
      }
    });
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return bad === 0;
}

function emptyDisk(file: string): string {
  execFileSync("truncate", ["--size", String(diskSize), file]);
  return file;
}

function zero(disk: string, from: number, count: number): void {
  execFileSync("fallocate", ["--punch-hole", "--offset", String(from), "--length", String(count), disk]);
}

/** What went wrong, or undefined. */
async function install(
  site: SoakSite,
  media: { readonly iso: string; readonly sha256: string },
  step: Step,
  firmware: Firmware,
  disks: readonly string[],
  folder: string,
): Promise<string | undefined> {
  step.since?.(disks);
  const kept = (step.keeps ?? []).map((number) => ({ number, time: lastWriteOf(disks[number] ?? "") }));
  const { connection } = site.host;
  const context = testContext(connection, "urn:pulumi:test::test::kvm::used-disks");
  const { layout, on, disk = {} } = step;
  const system = {
    ...emulated.system,
    mirror: `http://10.0.2.2:${port}/debian`,
    hostname: "used",
    disk: {
      devices: on.map((number) => `/dev/vd${"ab".charAt(number)}`),
      layout,
      ...disk,
      ...(layout === "encrypted" ? { passphrase: "correct horse" } : {}),
    },
  };
  const source = { path: media.iso, sha256: media.sha256 };
  const inputs = { connection, name: "used-disks", source, system, debian: emulated.debian };
  const iso = await installerIso.create(inputs, context);
  try {
    const fault = await boot(iso.id, firmware, disks, folder);
    const changed = kept.filter(({ number, time }) => lastWriteOf(disks[number] ?? "") !== time);
    return (
      fault ?? (changed.length > 0 ? `the disk ${changed.map(({ number }) => number).join()} was changed` : undefined)
    );
  } finally {
    await installerIso.delete(iso.id, iso.outputs, context);
  }
}

function lastWriteOf(disk: string): number {
  return statSync(disk).mtimeMs;
}

/** Ends when the base system is about to be installed: a machine that loses its power then leaves used disks, too. */
async function boot(
  iso: string,
  firmware: Firmware,
  disks: readonly string[],
  folder: string,
): Promise<string | undefined> {
  const [console_, log] = [path.join(folder, "console"), path.join(folder, "log")];
  for (const file of [console_, log]) rmSync(file, { force: true });
  const drives = disks.flatMap((file) => ["-drive", `if=virtio,format=raw,cache=unsafe,file=${file}`]);
  const guest = spawn(
    "qemu-system-x86_64",
    [
      ...["-M", "q35", "-accel", "tcg", "-cpu", "max", "-m", "1024", "-nodefaults", "-no-reboot", "-display", "none"],
      ...["-serial", `file:${console_}`, "-serial", `file:${log}`],
      ...["-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net"],
      ...["-cdrom", iso, "-boot", "d", ...drives, ...firmwareOptions(firmware, folder)],
    ],
    { stdio: "inherit" },
  );
  try {
    let started = Date.now();
    for (;;) {
      await setTimeout(1000);
      if (!existsSync(log)) started = Date.now();
      const text = textOf(log);
      if (/Menu item 'bootstrap-base' selected/.test(text)) return undefined;
      const [failure] = /kvm-deploy: failed: .*/.exec(text) ?? [];
      if (failure !== undefined) return failure;
      if (guest.exitCode !== null) return `the machine ended:\n${lastOf(textOf(console_))}`;
      if (Date.now() > started + patienceMs) return `it stands still:\n${lastOf(text)}\n${lastOf(textOf(console_))}`;
    }
  } finally {
    guest.kill("SIGKILL");
  }
}

function firmwareOptions(firmware: Firmware, folder: string): string[] {
  if (firmware === "bios") return [];
  const variables = path.join(folder, "variables");
  copyFileSync("/usr/share/OVMF/OVMF_VARS_4M.fd", variables);
  return [
    ...["-drive", "if=pflash,format=raw,unit=0,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd"],
    ...["-drive", `if=pflash,format=raw,unit=1,file=${variables}`],
  ];
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, "latin1") : "";
}

function lastOf(text: string): string {
  return text.split("\n").slice(-40).join("\n");
}
