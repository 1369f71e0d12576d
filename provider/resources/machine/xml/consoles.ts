import { attributeOf, childrenOf, el, type Element } from "../../../format/xml";
import type { MachineInputs } from "../schema";

type Consoles = MachineInputs["consoles"];

const logPort = 0;
/** It carries the installer's log while there is an installation. */
const installerLogPort = 1;
const firstOwnPort = 2;

/** The port that is written to a file on the host. */
export function logXml(path: string): Element {
  return fileSerial(path, logPort);
}

export function installerLogXml(path: string): Element {
  return fileSerial(path, installerLogPort);
}

function fileSerial(path: string, port: number): Element {
  return el("serial", { type: "file" }, el("source", { path, append: "on" }), el("target", { port }));
}

export function consolesXml({ consoles }: Pick<MachineInputs, "consoles">): Element[] {
  const [serials, virtios] = [countOf(consoles, "serial"), countOf(consoles, "virtio")];
  return [
    ...range(serials).map((nth) => el("serial", { type: "pty" }, el("target", { port: firstOwnPort + nth }))),
    ...range(virtios).map(() => el("console", { type: "pty" }, el("target", { type: "virtio" }))),
  ];
}

/** In the order asked for, which libvirt doesn't keep. */
export function readConsoles(devices: Element | undefined, asked: Consoles): Consoles {
  const serials = childrenOf(devices, "serial").filter((device) => portOf(device) >= firstOwnPort).length;
  const virtios = childrenOf(devices, "console").filter(isVirtio).length;
  if (serials === countOf(asked, "serial") && virtios === countOf(asked, "virtio")) return asked;
  return [...range(serials).map(() => "serial" as const), ...range(virtios).map(() => "virtio" as const)];
}

export function isLog(device: Element): boolean {
  return device.name === "serial" && portOf(device) === logPort;
}

export function isInstallerLog(device: Element): boolean {
  return device.name === "serial" && portOf(device) === installerLogPort;
}

function isVirtio(device: Element): boolean {
  return attributeOf(device, "target", "type") === "virtio";
}

function portOf(device: Element): number {
  return Number(attributeOf(device, "target", "port") ?? "0");
}

function countOf(consoles: Consoles, type: Consoles[number]): number {
  return consoles.filter((each) => each === type).length;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
