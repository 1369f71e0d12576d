import path from "node:path";
import type { Source } from "../../host/downloads";
import { programFileSync } from "../../host/program-files";
import { type Catalogue, parseCatalogue } from "../../releases/catalogue";
import { mediumOf, otherPlacesOf } from "../../releases/names";
import { resolveRelease } from "../../releases/resolve";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { type ErrorDetails, KvmError } from "../../values/errors";
import type { InstallerIsoInputs } from "./schema";

/** The source of the ISO: as given, or the image of the release's name at its first use. */
export function originOf({ source, image }: InstallerIsoInputs): Source {
  if (typeof source !== "string") return source;
  if (image === undefined) throw new Error(`the release ${source} has not been looked up`);
  return image;
}

/** The same, with the other places that the image may have been moved to since. */
export function originAnywhere(inputs: InstallerIsoInputs): Source {
  const { source, image } = inputs;
  if (typeof source !== "string" || image === undefined) return originOf(inputs);
  return { ...image, otherUrls: otherPlacesIfNamed(source, image.url, inputs) };
}

/** What to do if the image of a release's name can't be had any more. */
export function goneImage({ source }: InstallerIsoInputs, urn: string): { gone?: ErrorDetails } {
  if (typeof source !== "string") return {};
  const remedy = `The distribution has moved or replaced the image that ${source} meant at its first use. To take its present image, run \`pulumi up --replace '${urn}'\`; or name another release`;
  return { gone: { property: "source", remedy } };
}

/** A catalogue that no longer has the name, or can't be read, is no reason against the place that is known. */
function otherPlacesIfNamed(name: string, url: string, inputs: InstallerIsoInputs): string[] {
  try {
    return otherPlacesOf(name, url, catalogueOf(inputs));
  } catch (error) {
    if (error instanceof KvmError) return [];
    throw error;
  }
}

/**
 * The inputs with the image of a release's name. The name is resolved once: a newer image of the same release changes
 * nothing, until the name changes or the resource is replaced.
 */
export async function withImage(
  inputs: InstallerIsoInputs,
  before: InstallerIsoInputs | undefined,
  host: Pick<Host, "fetch" | "clock">,
  { signal, warn }: Pick<Context, "signal" | "warn">,
): Promise<InstallerIsoInputs> {
  const { source } = inputs;
  if (typeof source !== "string") return { ...inputs, image: undefined };
  if (before?.image !== undefined && before.source === source) return { ...inputs, image: before.image };
  const catalogue = catalogueOf(inputs);
  const image = await resolveRelease(source, catalogue, host, signal);
  const { endOfLife } = mediumOf(source, catalogue);
  if (endOfLife !== undefined && Date.parse(endOfLife) < host.clock.now())
    warn(`${source} has had no updates since ${endOfLife}. Take a later release for new machines`);
  return { ...inputs, image };
}

const shipped = path.join(__dirname, "../../releases/catalogue.yaml");

function catalogueOf({ catalogue: file = shipped }: InstallerIsoInputs): Catalogue {
  return parseCatalogue(programFileSync(file, "catalogue"), file);
}
