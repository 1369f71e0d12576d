import { at, type Places, read, write } from "../../../format/place";
import { childrenOf, el, type Element } from "../../../format/xml";
import { volumeOf } from "../../../libvirt/domain";
import type { MachineCdrom } from "../schema/machine";
import { bootOrderIn, bootOrders, bootXml } from "./boot";
import { asInstallerDrive, isInstallerDrive } from "./installation";
import { append, type Part, pathsIn } from "./part";
import { targetsOf } from "./targets";

const places: Places<Omit<MachineCdrom, "bootOrder">> = { medium: at("source/@file"), bus: at("target/@bus") };

/** With the installer's drive beside them, while there is an installation. */
export const cdroms: Part<MachineCdrom[]> = {
  write: (devices, values, { inputs, media }) => {
    const targets = targetsOf(inputs);
    const orders = bootOrders(inputs, media !== undefined).cdroms;
    const xml = values.map((cdrom, index) => cdromXml(cdrom, targets.cdroms[index], orders[index]));
    const drive = media && asInstallerDrive(cdromXml({ medium: media.iso, bus: "sata" }, targets.installer, 1));
    return append(devices, ...xml, drive);
  },
  read: (devices, asked, { facts }) => {
    const orderOf = bootOrderIn(devices);
    const mediumOf = (device: Element) => pathsIn(facts)[volumeOf(device) ?? ""];
    return cdromsIn(devices, asked).map((device) => {
      const medium = mediumOf(device);
      return { ...cdromOf(device), ...(medium && { medium }), bootOrder: orderOf(device) };
    });
  },
};

function cdromXml(cdrom: MachineCdrom, target = "", order: number | undefined): Element {
  const bare = el(
    "disk",
    { type: "file", device: "cdrom" },
    el("driver", { name: "qemu", type: "raw" }),
    el("target", { dev: target }),
    el("readonly"),
    bootXml(order),
  );
  return write(bare, places, cdrom);
}

function cdromOf(device: Element): MachineCdrom {
  return read(device, places) as MachineCdrom;
}

/** What is in a drive changes: it is the next one on the bus that was asked for. */
function cdromsIn(devices: Element, asked: readonly MachineCdrom[]): Element[] {
  const free = childrenOf(devices, "disk").filter(isCdrom);
  const same = asked.flatMap(({ bus }) => {
    const index = free.findIndex((device) => cdromOf(device).bus === bus);
    return index === -1 ? [] : free.splice(index, 1);
  });
  return [...same, ...free];
}

/** A drive of the machine's own. */
function isCdrom(device: Element): boolean {
  return device.attributes["device"] === "cdrom" && !isInstallerDrive(device);
}
