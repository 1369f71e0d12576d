import path from "node:path";
import type { Source } from "../../host/downloads";
import { programFileSync } from "../../host/program-files";
import { type Catalogue, parseCatalogue } from "../../releases/catalogue";
import { resolveRelease } from "../../releases/resolve";
import type { Host } from "../../resource/host";
import type { InstallerIsoInputs } from "./schema";

/** The source of the ISO: as given, or the image of the release's name at its first use. */
export function originOf({ source, image }: InstallerIsoInputs): Source {
  if (typeof source !== "string") return source;
  if (image === undefined) throw new Error(`the release ${source} has not been looked up`);
  return image;
}

/**
 * The inputs with the image of a release's name. The name is resolved once: a newer image of the same release changes
 * nothing, until the name changes or the resource is replaced.
 */
export async function withImage(
  inputs: InstallerIsoInputs,
  before: InstallerIsoInputs | undefined,
  host: Pick<Host, "fetch">,
  signal: AbortSignal,
): Promise<InstallerIsoInputs> {
  if (typeof inputs.source !== "string") return { ...inputs, image: undefined };
  if (before?.image !== undefined && before.source === inputs.source) return { ...inputs, image: before.image };
  return { ...inputs, image: await resolveRelease(inputs.source, catalogueOf(inputs), host, signal) };
}

const shipped = path.join(__dirname, "../../releases/catalogue.yaml");

function catalogueOf({ catalogue: file = shipped }: InstallerIsoInputs): Catalogue {
  return parseCatalogue(programFileSync(file, "catalogue"), file);
}
