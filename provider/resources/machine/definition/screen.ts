import { at } from "../../../format/place";
import { attributeOf, el, type Element, find } from "../../../format/xml";
import type { MachineInputs } from "../schema/machine";
import { append, type Part } from "./part";

type Graphics = NonNullable<MachineInputs["graphics"]>;

export const graphics: Part<Graphics | undefined> = {
  write: (devices, value) => append(devices, value && graphicsXml(value)),
  read: readGraphics,
  known: { graphics: { kind: ({ attributes }) => attributes["type"] } },
};

function graphicsXml({ type, listen, port, password }: Graphics): Element {
  const served = port === undefined ? { port: -1, autoport: "yes" } : { port, autoport: "no" };
  const address = el("listen", { type: "address", address: listen });
  return el("graphics", { type, ...served, listen, passwd: password }, address);
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
