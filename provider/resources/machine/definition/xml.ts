import { el, type Element } from "../../../format/xml";
import type { OnHost } from "../schema/actual";
import type { MachineInputs } from "../schema/machine";
import { bootOrders } from "./boot";
import { consolesXml, installerLogXml, logXml } from "./consoles";
import { controllersXml } from "./controllers";
import { cpuXml, numatuneXml } from "./cpu";
import {
  clockXml,
  filesystemXml,
  guestAgentXml,
  hostDeviceXml,
  rngXml,
  soundXml,
  tpmXml,
  watchdogXml,
} from "./devices";
import { cdromXml, diskXml, imagesOf, installerDriveXml, targetNames } from "./disk";
import { memoryBackingXml, memoryXml, vcpuXml } from "./memory";
import { nicXml } from "./nic";
import { overlaid } from "./overlay";
import { graphicsXml, videoXml } from "./screen";
import { tagsXml } from "./tags";

/** The installer's medium, and where it writes its log. */
export interface InstallationMedia {
  readonly iso: string;
  readonly log: string;
}

/**
 * A new machine. While it is being installed it boots from the CD-ROM whatever lies on its disk, ends at the guest's
 * reboot, and has a second serial port for the installer's log.
 */
export function machineXml(inputs: MachineInputs, actual: OnHost, media?: InstallationMedia): Element {
  const domain = el(
    "domain",
    { type: actual.domainType },
    el("name", {}, inputs.name),
    el("uuid", {}, actual.uuid),
    inputs.title === undefined ? undefined : el("title", {}, inputs.title),
    inputs.description === undefined ? undefined : el("description", {}, inputs.description),
    // Always there: a part of it that goes takes nobody else's along.
    el("metadata", {}, tagsXml(inputs.tags)),
    ...memoryXml(inputs),
    memoryBackingXml(inputs),
    vcpuXml(inputs),
    numatuneXml(inputs),
    osXml(inputs),
    el("features", {}, el("acpi"), el("apic")),
    cpuXml(inputs, actual.domainType),
    clockXml(inputs),
    el("on_poweroff", {}, "destroy"),
    el("on_reboot", {}, media === undefined ? "restart" : "destroy"),
    el("on_crash", {}, "destroy"),
    el("devices", {}, ...devicesXml(inputs, actual, media)),
  );
  return overlaid(domain, inputs.xml?.text);
}

function devicesXml(
  inputs: MachineInputs,
  actual: OnHost,
  media: InstallationMedia | undefined,
): (Element | undefined)[] {
  const orders = bootOrders(inputs, media !== undefined);
  return [
    ...storageXml(inputs, actual, orders, media),
    ...controllersXml(inputs),
    ...inputs.filesystems.map(filesystemXml),
    ...inputs.nics.map((nic, index) => nicXml(nic, actual.macAddresses[index] ?? "", orders.nics[index])),
    logXml(actual.consoleLogPath),
    media === undefined ? undefined : installerLogXml(media.log),
    ...consolesXml(inputs),
    guestAgentXml(inputs),
    tpmXml(inputs),
    graphicsXml(inputs),
    soundXml(inputs),
    videoXml(inputs),
    ...inputs.hostDevices.map(hostDeviceXml),
    watchdogXml(inputs),
    rngXml(inputs),
  ];
}

function storageXml(
  { disks, cdroms }: Pick<MachineInputs, "disks" | "cdroms">,
  actual: OnHost,
  orders: ReturnType<typeof bootOrders>,
  media: InstallationMedia | undefined,
): Element[] {
  const targets = targetNames([...disks, ...cdroms, { bus: "sata" }], []);
  const targetOf = (index: number) => targets[index] ?? "";
  const images = imagesOf({ disks }, actual);
  return [
    ...disks.map((disk, index) =>
      diskXml(disk, images[index] ?? { path: "", format: "raw" }, targetOf(index), orders.disks[index]),
    ),
    ...cdroms.map((cdrom, index) => cdromXml(cdrom, targetOf(disks.length + index), orders.cdroms[index])),
    ...(media === undefined ? [] : [installerDriveXml(media.iso, targetOf(disks.length + cdroms.length))]),
  ];
}

function osXml({ firmware, secureBoot }: MachineInputs): Element {
  const type = el("type", { arch: "x86_64", machine: "q35" }, "hvm");
  if (firmware === "bios") return el("os", {}, type);
  const feature = (name: string, enabled: "yes" | "no") => el("feature", { enabled, name });
  // Left to itself, libvirt takes the firmware with Secure Boot.
  const features = secureBoot
    ? [feature("secure-boot", "yes"), feature("enrolled-keys", "yes")]
    : [feature("secure-boot", "no")];
  return el("os", { firmware: "efi" }, type, el("firmware", {}, ...features));
}
