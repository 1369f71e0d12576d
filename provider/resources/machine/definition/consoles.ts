import { attributeOf, childrenOf, el, type Element } from "../../../format/xml";
import type { MachineInputs } from "../schema/machine";
import { append, type Part } from "./part";

type Consoles = MachineInputs["consoles"];

const logPort = 0;
/** It carries the installer's log while there is an installation. */
const installerLogPort = 1;
const firstOwnPort = 2;

/** With the installer's log beside it, while there is an installation. */
export const consoleLog: Part<MachineInputs["consoleLog"]> = {
  write: (devices, _, { actual, media }) =>
    append(devices, logXml(actual.consoleLogPath), media && installerLogXml(media.log)),
  read: (devices, asked) => (asked === undefined ? undefined : logOf(devices)),
  known: { serial: { key: (serial) => attributeOf(serial, "target", "port") } },
};

export const consoles: Part<Consoles> = {
  write: (devices, value) => append(devices, ...consolesXml(value)),
  read: readConsoles,
  // The first serial port is one too; libvirt numbers them as it likes.
  known: { console: { key: (console) => attributeOf(console, "target", "type") } },
};

/** The port that `virsh console` opens, and all that comes out of it is written to a file on the host, too. */
function logXml(file: string): Element {
  return el("serial", { type: "pty" }, el("log", { file, append: "on" }), el("target", { port: logPort }));
}

/** The file of that port; a machine that others defined may have it as a mere file. */
export function logOf(devices: Element | undefined): string | undefined {
  const port = childrenOf(devices, "serial").find(isLog);
  const isFile = port?.attributes["type"] === "file";
  return attributeOf(port, "log", "file") ?? (isFile ? attributeOf(port, "source", "path") : undefined);
}

function installerLogXml(path: string): Element {
  return el("serial", { type: "file" }, el("source", { path, append: "on" }), el("target", { port: installerLogPort }));
}

function consolesXml(value: Consoles): Element[] {
  const [serials, virtios] = [countOf(value, "serial"), countOf(value, "virtio")];
  return [
    ...range(serials).map((nth) => el("serial", { type: "pty" }, el("target", { port: firstOwnPort + nth }))),
    ...range(virtios).map(() => el("console", { type: "pty" }, el("target", { type: "virtio" }))),
  ];
}

/** In the order asked for, which libvirt doesn't keep. */
function readConsoles(devices: Element, asked: Consoles): Consoles {
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

function countOf(value: Consoles, type: Consoles[number]): number {
  return value.filter((each) => each === type).length;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
