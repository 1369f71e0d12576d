import path from "node:path";
import type { Source } from "../../host/downloads";
import { programFileSync } from "../../host/files";
import { type Catalogue, parseCatalogue } from "../../releases/catalogue";
import { resolveRelease } from "../../releases/resolve";
import type { Host } from "../../resource/host";
import type { InstallerIsoInputs } from "./schema";

/** Where the ISO comes from: as given, or the image that the release's name stood for when it was first used. */
export function originOf({ source, image }: InstallerIsoInputs): Source {
  if (typeof source !== "string") return source;
  if (image === undefined) throw new Error(`the release ${source} has not been looked up`);
  return image;
}

/**
 * The inputs with the image that a release's name stands for. It is looked up once: a newer image of the same release
 * changes nothing by itself, until the name changes or the resource is replaced.
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
