import type { Element } from "../../../format/xml";
import type { Host } from "../../../resource/host";
import { KvmError } from "../../../values/errors";
import { typeIn } from "../definition/board";
import { updated } from "../definition/edit";
import type { Previous } from "../schema/actual";
import type { MachineInputs } from "../schema/machine";
import { volumesNamedIn, volumesOf } from "./images";

/** At preview: why `up` refuses the disks, of which a new one has the image of another. */
export async function doubledImage(
  host: Host,
  definition: Element,
  { disks, xml }: Pick<MachineInputs, "disks" | "xml">,
  previous: Pick<Previous, "inputs" | "facts">,
): Promise<KvmError | undefined> {
  const { inputs, facts } = previous;
  // A missing volume is reported elsewhere, or created by the same program.
  const volumes = await volumesOf(host, { disks }, facts.volumeFormats).catch(refusalOf);
  if (volumes instanceof KvmError) return undefined;
  const namedVolumes = await volumesNamedIn(host, definition);
  const actual = { ...facts, ...volumes, namedVolumes, domainType: typeIn(definition) };
  try {
    updated(definition, { ...inputs, disks, xml }, actual, previous);
    return undefined;
  } catch (error) {
    return refusalOf(error);
  }
}

function refusalOf(error: unknown): KvmError {
  if (error instanceof KvmError) return error;
  throw error;
}
