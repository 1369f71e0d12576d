import { attributeOf, type Element, find } from "../../../format/xml";
import { disksOf } from "../../../libvirt/domain";
import type { MachineInputs } from "../schema/machine";
import { isInstallerDrive } from "./disk";

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

/** The order of each device as the user would give it; that of the first disk alone needs not be given. */
export function readBootOrders<Machine extends Bootable>(machine: Machine, orderOf: Orders, asked: Bootable): Machine {
  const { disks, cdroms, nics } = orderOf;
  const isPlain = disks[0] === 1 && [...disks.slice(1), ...cdroms, ...nics].every((order) => order === undefined);
  if (isPlain && !isOrdered(asked)) return machine;
  const withOrders = <Device>(devices: readonly Device[], orders: readonly (number | undefined)[]) =>
    devices.map((device, index) => ({ ...device, bootOrder: orders[index] }));
  return {
    ...machine,
    disks: withOrders(machine.disks, disks),
    cdroms: withOrders(machine.cdroms, cdroms),
    nics: withOrders(machine.nics, nics),
  };
}

export function bootOrderIn(domain: Element): (device: Element) => number | undefined {
  const drive = disksOf(domain).find(isInstallerDrive);
  const shift = find(drive, "boot") === undefined ? 0 : 1;
  return (device) => {
    const order = attributeOf(device, "boot", "order");
    return order === undefined ? undefined : Number(order) - shift;
  };
}
