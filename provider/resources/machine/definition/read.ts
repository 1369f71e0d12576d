import { el, type Element, find } from "../../../format/xml";
import type { MachineInputs } from "../schema/machine";
import { withBootOrders } from "./boot";
import { devices, settings } from "./elements";
import type { Last, Parts, Reading } from "./part";

/** The inputs as libvirt has them now; what the user didn't set is no drift. */
export function readMachine(domain: Element, last: Last, autostart: boolean): MachineInputs {
  const reading = { ...last, domain };
  const machine = {
    ...last.inputs,
    ...valuesIn(domain, settings, reading),
    ...valuesIn(find(domain, "devices") ?? el("devices"), devices, reading),
    autostart,
  };
  return withBootOrders(machine, last.inputs);
}

function valuesIn<Field extends keyof MachineInputs>(
  parent: Element,
  parts: Parts<Field>,
  reading: Reading,
): Pick<MachineInputs, Field> {
  const fields = Object.keys(parts) as Field[];
  const values = fields.map((field) => [field, parts[field].read(parent, reading.inputs[field], reading)]);
  return Object.fromEntries(values) as Pick<MachineInputs, Field>;
}
