import { merged } from "../../../format/merge";
import type { Element } from "../../../format/xml";
import type { Facts, OnHost, Previous } from "../schema/actual";
import type { MachineInputs } from "../schema/machine";
import { firmwareIn, typeIn } from "./board";
import { refuseDoubledImages } from "./doubled";
import { parts } from "./elements";
import { identity } from "./identity";
import type { InstallationMedia } from "./part";
import { machineXml } from "./xml";

/**
 * The actual definition with what the inputs say now. It is edited, not made again, so that device addresses (and with
 * them the guest's names of its devices) and all that isn't modelled here stay as they are.
 * @throws KvmError if it would have an image twice
 * @param previous the last deployment; what that had and the inputs no longer have is taken out
 * @param media of an installation; without one, an installed system keeps the firmware that it was installed with
 */
export function updated(
  domain: Element,
  desired: MachineInputs,
  actual: OnHost,
  previous?: Made,
  media?: InstallationMedia,
): Element {
  const before = previous && definitionOf(previous.inputs, { ...actual, ...substanceOf(previous) }, domain);
  const keepsFirmware = media === undefined && desired.installer !== undefined;
  const after = definitionOf(keepsFirmware ? { ...desired, ...firmwareIn(domain) } : desired, actual, domain, media);
  const fitted = parts.reduce((edited, { fit }) => fit?.(edited, before, after) ?? edited, domain);
  const edited = merged(fitted, before, after, identity);
  refuseDoubledImages(edited, domain, actual);
  return edited;
}

/** Of the last deployment, what its definition was made from. */
type Made = Pick<Previous, "inputs"> & {
  readonly facts: Pick<Facts, "macAddresses" | "volumePaths" | "volumeFormats">;
};

function substanceOf({ facts: { macAddresses, volumePaths, volumeFormats } }: Made) {
  return { macAddresses, volumePaths, volumeFormats };
}

/** As a new one, but for what libvirt chose. Whether it is emulated stays as it is where the inputs don't say. */
function definitionOf(inputs: MachineInputs, actual: OnHost, present: Element, media?: InstallationMedia): Element {
  const written = machineXml(inputs, { ...actual, domainType: inputs.domainType ?? typeIn(present) }, media);
  return parts.reduce((aligned, { align }) => align?.(aligned, present, actual) ?? aligned, written);
}
