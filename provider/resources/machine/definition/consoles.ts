import { attributeOf, childrenOf, el, type Element } from "../../../format/xml";
import type { MachineInputs } from "../schema/machine";

type Consoles = MachineInputs["consoles"];

const logPort = 0;
/** It carries the installer's log while there is an installation. */
const installerLogPort = 1;
const firstOwnPort = 2;

/** The port that `virsh console` opens, and all that comes out of it is written to a file on the host, too. */
export function logXml(file: string): Element {
  return el("serial", { type: "pty" }, el("log", { file, append: "on" }), el("target", { port: logPort }));
}

/** The file of that port; a machine that others defined may have it as a mere file. */
export function logOf(devices: Element | undefined): string | undefined {
  const port = childrenOf(devices, "serial").find(isLog);
  const isFile = port?.attributes["type"] === "file";
  return attributeOf(port, "log", "file") ?? (isFile ? attributeOf(port, "source", "path") : undefined);
}

export function installerLogXml(path: string): Element {
  return el("serial", { type: "file" }, el("source", { path, append: "on" }), el("target", { port: installerLogPort }));
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

function isLog(device: Element): boolean {
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
