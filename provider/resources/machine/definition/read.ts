import { attributeOf, childrenOf, type Element, find, textOf } from "../../../format/xml";
import { imagePathOf, isDisk, macOf } from "../../../libvirt/domain";
import type { Facts, Previous } from "../schema/actual";
import type { MachineDisk, MachineInputs, MachineNic } from "../schema/machine";
import { bootOrderIn, readBootOrders } from "./boot";
import { logOf, readConsoles } from "./consoles";
import { readPciePorts } from "./controllers";
import { readCpu, readNuma } from "./cpu";
import {
  readClock,
  readFilesystem,
  readGuestAgent,
  readHostDevice,
  readRng,
  readSound,
  readTpm,
  readWatchdog,
} from "./devices";
import { isCdrom, readCdrom, readDisk } from "./disk";
import { readMemory, readMemoryBacking, readVcpus } from "./memory";
import { readNic } from "./nic";
import { readGraphics, readVideo } from "./screen";
import { readTags } from "./tags";

/** What was asked for at the last deployment, and what came of it: by these libvirt's words become inputs again. */
type Last = Pick<Previous, "inputs"> & { readonly facts: Pick<Facts, "volumePaths" | "macAddresses"> };

/** The inputs as libvirt has them now; what the user didn't set is no drift. */
export function readMachine(domain: Element, last: Last, autostart: boolean): MachineInputs {
  const { inputs } = last;
  const type: "kvm" | "qemu" = domain.attributes["type"] === "kvm" ? "kvm" : "qemu";
  const { maxMemory, maxVcpus, ...settings } = inputs;
  const machine = {
    ...settings,
    ...readTexts(domain),
    ...readMemory(domain, { memory: inputs.memory, maxMemory }),
    ...readVcpus(domain, { vcpus: inputs.vcpus, maxVcpus }),
    memoryBacking: readMemoryBacking(domain, inputs.memoryBacking),
    cpu: readCpu(domain, inputs.cpu, type),
    numa: readNuma(domain, inputs.numa),
    firmware: attributeOf(domain, "os", "firmware") === "efi" ? ("uefi" as const) : ("bios" as const),
    secureBoot: hasSecureBoot(domain),
    clock: readClock(domain),
    pciePorts: readPciePorts(domain, inputs.pciePorts),
    domainType: inputs.domainType === undefined ? undefined : type,
    autostart,
  };
  return withBootOrders({ ...machine, ...readDevices(find(domain, "devices"), last) }, domain, last);
}

function readTexts(domain: Element) {
  return {
    name: textOf(domain, "name") ?? "",
    title: textOf(domain, "title"),
    description: textOf(domain, "description"),
    tags: readTags(domain),
  };
}

function hasSecureBoot(domain: Element): boolean {
  return childrenOf(find(domain, "os/firmware"), "feature").some(
    ({ attributes }) => attributes["name"] === "secure-boot" && attributes["enabled"] === "yes",
  );
}

function readDevices(devices: Element | undefined, last: Last) {
  const { inputs } = last;
  return {
    disks: disksIn(devices, last).map((device) => diskOf(device, last)),
    cdroms: cdromsIn(devices, last).map(readCdrom),
    nics: nicsIn(devices, last).map((device) => readNic(device, nicOf(device, last))),
    consoleLog: inputs.consoleLog === undefined ? undefined : logOf(devices),
    tpm: readTpm(devices),
    watchdog: readWatchdog(devices),
    rng: readRng(devices),
    graphics: readGraphics(devices, inputs),
    video: readVideo(devices, inputs),
    sound: readSound(devices),
    consoles: readConsoles(devices, inputs.consoles),
    guestAgent: readGuestAgent(devices),
    filesystems: childrenOf(devices, "filesystem").map((device) => readFilesystem(device, inputs.filesystems)),
    hostDevices: childrenOf(devices, "hostdev")
      .map(readHostDevice)
      .filter((device) => device !== undefined),
  };
}

function withBootOrders(machine: MachineInputs, domain: Element, last: Last): MachineInputs {
  const devices = find(domain, "devices");
  const orderOf = bootOrderIn(domain);
  const orders = {
    disks: disksIn(devices, last).map(orderOf),
    cdroms: cdromsIn(devices, last).map(orderOf),
    nics: nicsIn(devices, last).map(orderOf),
  };
  return readBootOrders(machine, orders, last.inputs);
}

function disksIn(devices: Element | undefined, { inputs, facts }: Last): Element[] {
  const asked = inputs.disks.map(({ volume, file }) => file ?? facts.volumePaths[volume ?? ""] ?? "");
  return inOrderOf(asked, childrenOf(devices, "disk").filter(isDisk), (device) => imagePathOf(device) ?? "");
}

/** What is in a drive changes: it is the next one on the bus that was asked for. */
function cdromsIn(devices: Element | undefined, { inputs }: Last): Element[] {
  const free = childrenOf(devices, "disk").filter(isCdrom);
  const asked = inputs.cdroms.flatMap(({ bus }) => {
    const index = free.findIndex((device) => readCdrom(device).bus === bus);
    return index === -1 ? [] : free.splice(index, 1);
  });
  return [...asked, ...free];
}

function nicsIn(devices: Element | undefined, { facts }: Last): Element[] {
  return inOrderOf(facts.macAddresses, childrenOf(devices, "interface"), macOf);
}

/** libvirt sorts devices in its own way, and new ones come last in a definition: only what was asked for has an order. */
export function inOrderOf<Item>(
  asked: readonly string[],
  items: readonly Item[],
  keyOf: (item: Item) => string,
): Item[] {
  const place = (item: Item) => (asked.includes(keyOf(item)) ? asked.indexOf(keyOf(item)) : asked.length);
  return items.toSorted((one, other) => place(one) - place(other));
}

function diskOf(device: Element, { inputs, facts }: Last): MachineDisk {
  const values = readDisk(device);
  const path = imagePathOf(device) ?? "";
  const volume = Object.entries(facts.volumePaths).find(([, image]) => image === path)?.[0];
  const format = attributeOf(device, "driver", "type") as MachineDisk["format"];
  const asked = inputs.disks.find((disk) => (volume === undefined ? disk.file === path : disk.volume === volume));
  if (volume !== undefined) return { volume, ...(asked?.format === undefined ? {} : { format }), ...values };
  return { file: path, format: asked?.format === undefined && format === "raw" ? undefined : format, ...values };
}

function nicOf(device: Element, { inputs, facts }: Last): MachineNic | undefined {
  return inputs.nics[facts.macAddresses.indexOf(macOf(device))];
}
