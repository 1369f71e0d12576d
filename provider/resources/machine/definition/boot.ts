import { attributeOf, childrenOf, el, type Element, find, withChild } from "../../../format/xml";
import { devicesOf, isDisk } from "../../../libvirt/domain";
import type { MachineInputs } from "../schema/machine";
import { isInstallerDrive } from "./installation";

type Bootable = Pick<MachineInputs, "disks" | "cdroms" | "nics">;
type Orders = Readonly<Record<keyof Bootable, readonly (number | undefined)[]>>;

/**
 * Without any order of the user's the disks are booted in theirs: UEFI boots no disk without a place, and a mirrored system
 * must start without its first disk. The installer's medium comes before all, while there is one.
 */
export function bootOrders(machine: Bootable, isInstalling: boolean): Orders {
  const shift = isInstalling ? 1 : 0;
  const given = isOrdered(machine);
  const ordersOf = (field: keyof Bootable) =>
    machine[field].map(({ bootOrder }, index) => {
      const order = given ? bootOrder : field === "disks" ? index + 1 : undefined;
      return order === undefined ? undefined : order + shift;
    });
  return { disks: ordersOf("disks"), cdroms: ordersOf("cdroms"), nics: ordersOf("nics") };
}

function isOrdered({ disks, cdroms, nics }: Bootable): boolean {
  return [...disks, ...cdroms, ...nics].some(({ bootOrder }) => bootOrder !== undefined);
}

/** As the user would give the orders that were read: that of the disks needs not be given. */
export function withBootOrders<Machine extends Bootable>(seen: Machine, asked: Bootable): Machine {
  const { disks, cdroms, nics } = seen;
  const isPlain = !isOrdered({ disks: [], cdroms, nics }) && isOrderOfDisks(disks.map(({ bootOrder }) => bootOrder));
  if (!isPlain || isOrdered(asked)) return seen;
  return { ...seen, disks: disks.map((disk) => ({ ...disk, bootOrder: undefined })) };
}

/** Earlier releases, and libvirt, give the first disk alone a place. */
function isOrderOfDisks([first, ...others]: readonly (number | undefined)[]): boolean {
  return first === 1 && others.every((order, index) => order === undefined || order === index + 2);
}

/** A domain's disks in the order in which they are booted; undefined if another device is booted, too. */
export function disksInBootOrder(devices: readonly Element[]): readonly Element[] | undefined {
  if (devices.some((device) => !isDisk(device) && find(device, "boot") !== undefined)) return undefined;
  // Those without a place follow the others, in the definition's order.
  const placeOf = (disk: Element) => Number(attributeOf(disk, "boot", "order") ?? Number.MAX_SAFE_INTEGER);
  return devices.filter(isDisk).sort((one, other) => placeOf(one) - placeOf(other));
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
