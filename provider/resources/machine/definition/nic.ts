import {
  at,
  inside,
  number,
  orElse,
  type Place,
  type Places,
  read,
  withoutDefaults,
  write,
} from "../../../format/place";
import { attributeOf, childrenOf, el, type Element } from "../../../format/xml";
import { macOf } from "../../../libvirt/domain";
import type { MachineNic } from "../schema/machine";
import { bootOrderIn, bootOrders, bootXml } from "./boot";
import { append, inOrderOf, type Part, type Reading } from "./part";

type NicValues = Omit<MachineNic, "address" | "mac" | "bootOrder">;
type Bandwidth = NonNullable<MachineNic["bandwidth"]>;

function rate(direction: string): Place<NonNullable<Bandwidth["inbound"]>> {
  return inside<NonNullable<Bandwidth["inbound"]>>(direction, {
    average: at("@average", number),
    peak: at("@peak", number),
    burst: at("@burst", number),
  });
}

const places: Places<NicValues> = {
  network: at("source/@network"),
  portgroup: at("source/@portgroup"),
  bridge: at("source/@bridge"),
  device: at("source/@dev"),
  mode: at("source/@mode"),
  model: at("model/@type"),
  link: orElse(at("link/@state"), "up"),
  vlan: at("vlan/tag/@id", number),
  bandwidth: inside<Bandwidth>("bandwidth", { inbound: rate("inbound"), outbound: rate("outbound") }),
  filter: at("filterref/@filter"),
  queues: at("driver/@queues", number),
  mtu: at("mtu/@size", number),
};

export const nics: Part<MachineNic[]> = {
  write: (devices, values, { inputs, actual, media }) => {
    const orders = bootOrders(inputs, media !== undefined).nics;
    const xml = values.map((nic, index) => nicXml(nic, actual.macAddresses[index], orders[index]));
    return append(devices, ...xml);
  },
  read: readNics,
  known: {
    interface: { key: (device) => attributeOf(device, "mac", "address")?.toLowerCase() },
    tag: { key: ({ attributes }) => attributes["id"] },
  },
};

function nicXml(nic: MachineNic, mac = "", order: number | undefined): Element {
  const bare = el("interface", { type: typeOf(nic) }, el("mac", { address: mac }), bootXml(order));
  return write(bare, places, { ...nic, mode: nic.device === undefined ? undefined : (nic.mode ?? "bridge") });
}

function typeOf({ network, bridge }: MachineNic): "network" | "bridge" | "direct" {
  if (network !== undefined) return "network";
  return bridge === undefined ? "direct" : "bridge";
}

function readNics(devices: Element, asked: readonly MachineNic[], { facts }: Reading): MachineNic[] {
  const orderOf = bootOrderIn(devices);
  return inOrderOf(facts.macAddresses, childrenOf(devices, "interface"), macOf).map((device) => ({
    ...readNic(device, asked[facts.macAddresses.indexOf(macOf(device))]),
    bootOrder: orderOf(device),
  }));
}

/** @param asked undefined when the device was plugged in by others */
export function readNic(device: Element, asked: MachineNic | undefined): MachineNic {
  const seen = withoutDefaults(read(device, places) as NicValues, asked, { mode: "bridge" });
  const mac = asked === undefined ? macOf(device) : asked.mac;
  return { ...seen, address: asked?.address, mac };
}

/** What it is plugged into. */
export function plugOf({ network, bridge, device }: Pick<MachineNic, "network" | "bridge" | "device">): string {
  return network ?? bridge ?? device ?? "";
}

/** Its place among those that are plugged into the same: a NIC that comes or goes elsewhere changes nothing for it. */
export function nthOfPlug(nics: readonly Pick<MachineNic, "network" | "bridge" | "device">[], index: number): number {
  const plug = plugOf(nics[index] ?? {});
  return nics.slice(0, index).filter((other) => plugOf(other) === plug).length;
}

export function keyOfNic(nic: MachineNic, index: number, nics: readonly MachineNic[]): string {
  return nic.mac ?? `${plugOf(nic)} ${nthOfPlug(nics, index)}`;
}
