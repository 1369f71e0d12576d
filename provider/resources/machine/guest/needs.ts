import { find, parse } from "../../../format/xml";
import { familyOf } from "../../../install/index";
import type { Installation } from "../../../install/installation";
import type { Need } from "../../../install/shared/needs";
import type { Host } from "../../../resource/host";
import { ifKnown, ifKnownAtHost } from "../../../resource/known";
import { KvmError } from "../../../values/errors";
import { formatSize, parseSize } from "../../../values/units";
import { sizeOf } from "../files/content";
import { imageIfThere } from "../files/images";
import type { MachineInputs } from "../schema/machine";

/** What is to be installed. */
export type Installed = Pick<Installation, "family" | "release">;

type Given = Pick<MachineInputs, "memory" | "maxMemory" | "disks">;

/**
 * At preview, only as far as the inputs are known. @throws KvmError if the machine has less memory, or its first disk is
 * smaller, than what the installer can work with
 */
export async function requireRoom(host: Host, inputs: Given, { family, release }: Installed): Promise<void> {
  const { memory, disk } = familyOf(family).needs(release);
  // A guest has its maximum until its balloon driver works.
  const given = ifKnown(() => parseSize(inputs.maxMemory ?? inputs.memory));
  requireEnough(given, memory, { property: "memory", release });
  const size = await ifKnownAtHost(() => sizeOfFirst(host, inputs));
  requireEnough(size, disk, { property: "disks[0]", release });
}

/**
 * @param isNeeded whether the installation binds the disk to a TPM, as far as that is known
 * @throws KvmError if the machine has none
 */
export function requireTpm({ tpm, xml }: Pick<MachineInputs, "tpm" | "xml">, isNeeded: boolean | undefined): void {
  if (isNeeded !== true || tpm !== undefined) return;
  if (xml?.text !== undefined && find(parse(xml.text), "devices/tpm") !== undefined) return;
  throw new KvmError("invalid-input", "is missing: the installer binds the encrypted disk to a TPM 2.0", {
    property: "tpm",
    remedy: "Give the machine one, such as `tpm: {}`, or remove `tpm2` from the InstallerIso's `system.disk.unlock`",
  });
}

/** Undefined if another resource is to create the disk. */
async function sizeOfFirst(host: Host, { disks }: Given): Promise<number | undefined> {
  const [first] = disks;
  const image = first && (await imageIfThere(host, first, "disks[0]"));
  if (image === undefined || (await host.files.stat(image.path)) === undefined) return undefined;
  return sizeOf(host, image.path, image.format);
}

function requireEnough(
  bytes: number | undefined,
  need: Need | undefined,
  { property, release }: { readonly property: string; readonly release: string },
): void {
  if (bytes === undefined || need === undefined || bytes >= need.bytes) return;
  const least = formatSize(need.bytes);
  throw new KvmError(
    "invalid-input",
    `${formatSize(bytes)} is too little for the installer of ${release}, which needs ${least} (${need.source})`,
    { property, remedy: `Give it ${least} or more` },
  );
}
