import { at } from "../../../format/place";
import { attributeOf, el, type Element, find } from "../../../format/xml";
import { devicesOf } from "../../../libvirt/domain";
import type { MachineInputs } from "../schema/machine";
import { append, mapDevices, type Part } from "./part";

type Graphics = NonNullable<MachineInputs["graphics"]>;

export const graphics: Part<Graphics | undefined> = {
  write: (devices, value) => append(devices, value && graphicsXml(value)),
  read: readGraphics,
  known: { graphics: { kind: ({ attributes }) => attributes["type"] } },
  fit: withoutPartsOfSpice,
};

function graphicsXml({ type, listen, port, password }: Graphics): Element {
  const served = port === undefined ? { port: -1, autoport: "yes" } : { port, autoport: "no" };
  const address = el("listen", { type: "address", address: listen });
  return el("graphics", { type, ...served, listen, passwd: password }, address);
}

/**
 * Devices of spice go with the last screen of that kind: libvirt adds the sound's backend, other programs add channels and
 * USB redirection, and libvirt refuses each of them without the screen.
 */
function withoutPartsOfSpice(actual: Element, previous: Element | undefined, desired: Element): Element {
  const screensIn = (domain: Element | undefined) => (domain === undefined ? [] : devicesOf(domain, "graphics"));
  const [first, ...others] = screensIn(actual);
  const isKept = screensIn(desired).length === 0 && screensIn(previous).length === 0;
  const stays = isKept ? [first, ...others] : [...screensIn(desired), ...others];
  if (!isSpice(first) || stays.some(isSpice)) return actual;
  return mapDevices(actual, (device) => (isPartOfSpice(device) ? undefined : device));
}

function isSpice(screen: Element | undefined): boolean {
  return screen?.attributes["type"] === "spice";
}

function isPartOfSpice({ name, attributes: { type = "" } }: Element): boolean {
  return name === "audio" ? type === "spice" : ["spicevmc", "spiceport"].includes(type);
}

/** A password that others gave is none of ours to keep. */
function readGraphics(devices: Element, asked: Graphics | undefined): Graphics | undefined {
  const device = find(devices, "graphics");
  const type = device?.attributes["type"];
  if (device === undefined || (type !== "vnc" && type !== "spice")) return undefined;
  const { port, autoport, passwd: password } = device.attributes;
  return {
    type,
    listen: attributeOf(device, "listen", "address") ?? device.attributes["listen"] ?? "127.0.0.1",
    ...(autoport === "yes" || port === undefined ? {} : { port: Number(port) }),
    ...(password === undefined || asked?.password === undefined ? {} : { password }),
  };
}

const videoModel = at<NonNullable<MachineInputs["video"]>>("video/model/@type");

export const video: Part<MachineInputs["video"]> = {
  write: (devices, value, { inputs }) => {
    const model = value ?? (inputs.graphics === undefined ? undefined : "virtio");
    return model === undefined ? devices : videoModel.write(devices, model);
  },
  read: (devices, asked) => {
    const model = videoModel.read(devices);
    return asked === undefined && model === "virtio" ? undefined : model;
  },
  known: { video: { kind: (device) => attributeOf(device, "model", "type") } },
};
