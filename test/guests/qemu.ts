import { execFile } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

export interface Boot {
  readonly iso: string;
  /** `secure` is UEFI that starts nothing but what Microsoft's keys vouch for. */
  readonly firmware: "bios" | "uefi" | "secure";
  /** As what it is plugged in: a CD-ROM, or a disk as a USB stick is one. */
  readonly medium: "cd" | "disk";
}

const patienceMs = 5 * 60_000;

/** Boots an ISO that powers off by itself, emulated; what it wrote to its serial port. */
export async function bootIso({ iso, firmware, medium }: Boot, folder: string): Promise<string> {
  const serial = path.join(folder, "serial");
  const machine = firmware === "secure" ? "q35,smm=on" : "q35";
  const args = [
    ...["-M", machine, "-accel", "tcg", "-m", "512", "-nodefaults", "-no-reboot"],
    ...["-device", "VGA", "-display", "none"],
    ...["-serial", `file:${serial}`, ...firmwareOptions(firmware, folder), ...mediumOptions(iso, medium)],
  ];
  await promisify(execFile)("qemu-system-x86_64", args, { timeout: patienceMs });
  return readFileSync(serial, "latin1").replaceAll("\r", "");
}

const ovmf = "/usr/share/OVMF";
const flash = "if=pflash,format=raw";

function firmwareOptions(firmware: Boot["firmware"], folder: string): string[] {
  if (firmware === "bios") return [];
  const variables = path.join(folder, "variables");
  const [code, template] = firmware === "secure" ? ["secboot.fd", "ms.fd"] : ["fd", "fd"];
  copyFileSync(path.join(ovmf, `OVMF_VARS_4M.${template}`), variables);
  return [
    ...["-drive", `${flash},unit=0,readonly=on,file=${path.join(ovmf, `OVMF_CODE_4M.${code}`)}`],
    ...["-drive", `${flash},unit=1,file=${variables}`],
    ...(firmware === "secure" ? ["-global", "driver=cfi.pflash01,property=secure,value=on"] : []),
  ];
}

function mediumOptions(iso: string, medium: Boot["medium"]): string[] {
  const drive = `if=none,id=medium,format=raw,readonly=on,file=${iso}`;
  if (medium === "disk") return ["-drive", drive, "-device", "virtio-blk-pci,drive=medium"];
  return ["-device", "virtio-scsi-pci", "-drive", `${drive},media=cdrom`, "-device", "scsi-cd,drive=medium"];
}
