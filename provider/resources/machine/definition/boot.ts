import { attributeOf, childrenOf, el, type Element, find, withChild } from "../../../format/xml";
import { devicesOf } from "../../../libvirt/domain";
import type { MachineInputs } from "../schema/machine";
import { isInstallerDrive } from "./installation";

type Bootable = Pick<MachineInputs, "disks" | "cdroms" | "nics">;
type Orders = Readonly<Record<keyof Bootable, readonly (number | undefined)[]>>;

/** Without any order of the user's the first disk is booted. The installer's medium comes before all, while there is one. */
export function bootOrders(machine: Bootable, isInstalling: boolean): Orders {
  const shift = isInstalling ? 1 : 0;
  const given = isOrdered(machine);
  const ordersOf = (field: keyof Bootable) =>
    machine[field].map(({ bootOrder }, index) => {
      const order = given ? bootOrder : field === "disks" && index === 0 ? 1 : undefined;
      return order === undefined ? undefined : order + shift;
    });
  return { disks: ordersOf("disks"), cdroms: ordersOf("cdroms"), nics: ordersOf("nics") };
}

function isOrdered({ disks, cdroms, nics }: Bootable): boolean {
  return [...disks, ...cdroms, ...nics].some(({ bootOrder }) => bootOrder !== undefined);
}

/** As the user would give the orders that were read: that of the first disk alone needs not be given. */
export function withBootOrders<Machine extends Bootable>(seen: Machine, asked: Bootable): Machine {
  const { disks, cdroms, nics } = seen;
  const [first, ...others] = disks;
  const isPlain = first?.bootOrder === 1 && !isOrdered({ disks: others, cdroms, nics });
  return isPlain && !isOrdered(asked) ? { ...seen, disks: [{ ...first, bootOrder: undefined }, ...others] } : seen;
}

export function bootXml(order: number | undefined): Element | undefined {
  return order === undefined ? undefined : el("boot", { order });
}

export function bootOrderIn(devices: Element): (device: Element) => number | undefined {
  const drive = childrenOf(devices, "disk").find(isInstallerDrive);
  const shift = find(drive, "boot") === undefined ? 0 : 1;
  return (device) => {
    const order = attributeOf(device, "boot", "order");
    return order === undefined ? undefined : Number(order) - shift;
  };
}

/** libvirt adds an order of its own where no device has one, and refuses both together. */
export function bootingByDevice(actual: Element, _: Element | undefined, desired: Element): Element {
  const hasOrder = devicesOf(desired).some((device) => find(device, "boot") !== undefined);
  const os = find(actual, "os");
  return !hasOrder || os === undefined ? actual : withChild(actual, "os", withChild(os, "boot", undefined));
}
