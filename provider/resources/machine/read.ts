import { attributeOf, childrenOf, type Element, find, textOf } from "../../format/xml";
import { formatSize, parseSize, type Size } from "../../libvirt/units";
import { isDisk, isFirstSerial, macOf } from "./edit";
import type { MachineDisk, MachineInputs, MachineNic, MachineOutputs } from "./schema";

/** What was asked for and came of it at the last deployment: needed to tell libvirt's words back into inputs. */
export interface LastDeployment {
  readonly inputs: MachineInputs;
  readonly known: Pick<MachineOutputs, "volumePaths" | "macAddresses">;
}

/** The inputs as libvirt has them now; what the user didn't set is no drift. */
export function readMachine(domain: Element, last: LastDeployment, autostart: boolean): MachineInputs {
  const { inputs } = last;
  const devices = find(domain, "devices");
  return {
    ...inputs,
    name: textOf(domain, "name") ?? inputs.name,
    memory: readMemory(find(domain, "memory")) ?? inputs.memory,
    vcpus: Number(textOf(domain, "vcpu") ?? inputs.vcpus),
    firmware: attributeOf(domain, "os", "firmware") === "efi" ? "uefi" : "bios",
    disks: childrenOf(devices, "disk")
      .filter(isDisk)
      .map((device) => readDisk(device, last)),
    nics: childrenOf(devices, "interface").map((device) => readNic(device, last)),
    consoleLog: inputs.consoleLog === undefined ? undefined : readConsoleLog(devices),
    domainType: inputs.domainType === undefined ? undefined : domain.attributes["type"] === "kvm" ? "kvm" : "qemu",
    autostart,
  };
}

function readMemory(memory: Element | undefined): Size | undefined {
  const bytes = parseSize(`${textOf(memory) ?? ""}${memory?.attributes["unit"] ?? "KiB"}`);
  return bytes === undefined ? undefined : formatSize(bytes);
}

function readDisk(device: Element, { known }: LastDeployment): MachineDisk {
  const file = attributeOf(device, "source", "file") ?? "";
  const volume = Object.entries(known.volumePaths).find(([, path]) => path === file)?.[0] ?? file;
  const cache = attributeOf(device, "driver", "cache");
  return {
    volume,
    bus: (attributeOf(device, "target", "bus") ?? "virtio") as MachineDisk["bus"],
    ...(cache === undefined ? {} : { cache: cache as MachineDisk["cache"] }),
  };
}

function readNic(device: Element, { inputs, known }: LastDeployment): MachineNic {
  const mac = macOf(device);
  const network = attributeOf(device, "source", "network") ?? "";
  const asked = inputs.nics[known.macAddresses.indexOf(mac)];
  return asked === undefined ? { network, mac } : { ...asked, network };
}

function readConsoleLog(devices: Element | undefined): string | undefined {
  const serial = childrenOf(devices, "serial").find(isFirstSerial);
  return attributeOf(serial, "source", "path");
}
