import { at, type Places, read, write } from "../../../format/place";
import { attributeOf, childrenOf, el, type Element, withAttributes } from "../../../format/xml";
import type { MachineInputs } from "../schema/machine";
import { append, mapDevices, optional, type Part } from "./part";

type Watchdog = NonNullable<MachineInputs["watchdog"]>;

const places: Places<Watchdog> = { model: at("@model"), action: at("@action") };

export const watchdog: Part<Watchdog | undefined> = {
  ...optional<Watchdog>({
    write: (devices, values) => append(devices, write(el("watchdog"), places, values)),
    read: (devices) => {
      const device = childrenOf(devices, "watchdog").find((each) => !isChipsets(each));
      return device && (read(device, places) as Watchdog);
    },
  }),
  known: {
    watchdog: {
      key: (device) => (isChipsets(device) ? "chipset" : undefined),
      kind: ({ attributes }) => attributes["model"],
    },
  },
  fit: withOneAction,
};

/** From libvirt 9.1 on every q35 machine has it, asked for or not. */
function isChipsets({ attributes }: Element): boolean {
  return attributes["model"] === "itco";
}

/**
 * All watchdogs of a machine must do the same, also the chipset's, which libvirt adds by itself. One that was only set
 * for the sake of another goes back to what libvirt gives it.
 */
function withOneAction(actual: Element, previous: Element | undefined, desired: Element): Element {
  const actionIn = (domain: Element | undefined) => attributeOf(domain, "devices/watchdog", "action");
  const action = actionIn(desired) ?? (actionIn(previous) === undefined ? undefined : "reset");
  if (action === undefined) return actual;
  return mapDevices(actual, (device) =>
    device.name === "watchdog" && isChipsets(device) ? withAttributes(device, { action }) : device,
  );
}
