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
    disks: readDisks(devices, last),
    nics: readNics(devices, last),
    consoleLog: inputs.consoleLog === undefined ? undefined : readConsoleLog(devices),
    domainType: inputs.domainType === undefined ? undefined : domain.attributes["type"] === "kvm" ? "kvm" : "qemu",
    autostart,
  };
}

function readMemory(memory: Element | undefined): Size | undefined {
  const bytes = parseSize(`${textOf(memory) ?? ""}${memory?.attributes["unit"] ?? "KiB"}`);
  return bytes === undefined ? undefined : formatSize(bytes);
}

function readDisks(devices: Element | undefined, last: LastDeployment): MachineDisk[] {
  const disks = childrenOf(devices, "disk").filter(isDisk);
  const asked = last.inputs.disks.map(({ volume }) => volume);
  return inOrderOf(
    asked,
    disks.map((device) => readDisk(device, last)),
    ({ volume }) => volume,
  );
}

function readNics(devices: Element | undefined, last: LastDeployment): MachineNic[] {
  const nics = inOrderOf(last.known.macAddresses, childrenOf(devices, "interface"), macOf);
  return nics.map((device) => readNic(device, last));
}

/** libvirt sorts devices in its own way, and new ones come last in a definition: only what was asked for has an order. */
function inOrderOf<Item>(asked: readonly string[], items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  const place = (item: Item) => (asked.includes(keyOf(item)) ? asked.indexOf(keyOf(item)) : asked.length);
  return items.toSorted((one, other) => place(one) - place(other));
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
