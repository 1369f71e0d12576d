import { el, type Element } from "../../../format/xml";
import type { OnHost } from "../schema/actual";
import type { MachineInputs } from "../schema/machine";
import { devices, settings } from "./elements";
import { overlaid } from "./overlay";
import { append, type InstallationMedia, type Machine, type Parts } from "./part";

/**
 * A new machine. While it is being installed it boots from the CD-ROM whatever lies on its disk, ends at the guest's
 * reboot, and has a second serial port for the installer's log.
 */
export function machineXml(inputs: MachineInputs, actual: OnHost, media?: InstallationMedia): Element {
  const machine = { inputs, actual, media };
  const domain = append(
    written(el("domain"), settings, machine),
    el("on_poweroff", {}, "destroy"),
    el("on_reboot", {}, media === undefined ? "restart" : "destroy"),
    el("on_crash", {}, "destroy"),
    written(el("devices"), devices, machine),
  );
  return overlaid(domain, inputs.xml?.text);
}

function written<Field extends keyof MachineInputs>(parent: Element, parts: Parts<Field>, machine: Machine): Element {
  const fields = Object.keys(parts) as Field[];
  return fields.reduce((element, field) => parts[field].write(element, machine.inputs[field], machine), parent);
}
