import { attributeOf, el, type Element, find } from "../../../format/xml";
import type { MachineInputs } from "../schema/machine";

type Graphics = NonNullable<MachineInputs["graphics"]>;
type Screen = Pick<MachineInputs, "graphics" | "video">;

export function graphicsXml({ graphics }: Screen): Element | undefined {
  if (graphics === undefined) return undefined;
  const { type, listen, port, password } = graphics;
  const served = port === undefined ? { port: -1, autoport: "yes" } : { port, autoport: "no" };
  const address = el("listen", { type: "address", address: listen });
  return el("graphics", { type, ...served, listen, passwd: password }, address);
}

/** A password that others gave is none of ours to keep. */
export function readGraphics(devices: Element | undefined, asked: Screen): Graphics | undefined {
  const device = find(devices, "graphics");
  const type = device?.attributes["type"];
  if (device === undefined || (type !== "vnc" && type !== "spice")) return undefined;
  const { port, autoport, passwd: password } = device.attributes;
  return {
    type,
    listen: attributeOf(device, "listen", "address") ?? device.attributes["listen"] ?? "127.0.0.1",
    ...(autoport === "yes" || port === undefined ? {} : { port: Number(port) }),
    ...(password === undefined || asked.graphics?.password === undefined ? {} : { password }),
  };
}

export function videoXml({ graphics, video }: Screen): Element | undefined {
  const model = video ?? (graphics === undefined ? undefined : "virtio");
  return model && el("video", {}, el("model", { type: model }));
}

export function readVideo(devices: Element | undefined, asked: Screen): MachineInputs["video"] {
  const model = attributeOf(devices, "video/model", "type") as MachineInputs["video"];
  return asked.video === undefined && model === "virtio" ? undefined : model;
}
