import { at } from "../../../format/place";
import type { MachineInputs } from "../schema/machine";
import { domainType, firmware, name, secureBoot } from "./board";
import { cdroms } from "./cdrom";
import { clock } from "./clock";
import { consoleLog, consoles } from "./consoles";
import { pciePorts } from "./controllers";
import { cpu, numa } from "./cpu";
import { guestAgent, rng, sound, tpm } from "./devices";
import { disks } from "./disk";
import { filesystems } from "./filesystem";
import { hostDevices } from "./host-device";
import { maxMemory, maxVcpus, memory, memoryBacking, vcpus } from "./memory";
import { nics } from "./nic";
import { optional, type Part, type Parts } from "./part";
import { graphics, video } from "./screen";
import { tags } from "./tags";
import { watchdog } from "./watchdog";

/** Not in the definition, but for the overlay, which may be anything there. */
type Elsewhere =
  | (
      | "connection"
      | "xml"
      | "installer"
      | "reinstall"
      | "overwrite"
      | "wait"
      | "maxInstallations"
      | "installTimeout"
      | "stallTimeout"
      | "sshTimeout"
      | "running"
    )
  | ("allowRestart" | "shutdownTimeout" | "forceOff" | "autostart" | "adopt" | "deleteAdopted");

/** The inputs that stand in a machine's definition. */
type Field = Exclude<keyof MachineInputs, Elsewhere>;

/** In the order in which a new definition has them. */
export const settings = {
  domainType,
  name,
  title: optional(at("title")),
  description: optional(at("description")),
  tags,
  maxMemory,
  memory,
  memoryBacking,
  maxVcpus,
  vcpus,
  numa,
  firmware,
  secureBoot,
  cpu,
  clock,
} satisfies Partial<Parts<Field>>;

/** In their order, too. */
export const devices = {
  disks,
  cdroms,
  pciePorts,
  filesystems,
  nics,
  consoleLog,
  consoles,
  guestAgent,
  tpm,
  graphics,
  sound,
  video,
  hostDevices,
  watchdog,
  rng,
} satisfies Partial<Parts<Field>>;

const all: Parts<Field> = { ...settings, ...devices };

/** What holds of each part, whatever its value is. */
export const parts: readonly Pick<Part<unknown>, "known" | "align" | "fit">[] = Object.values(all);
