import type { FamilyId } from "../install/index";
import type { Host } from "../resource/host";
import { KvmError } from "../values/errors";
import { type Catalogue, type CatalogueRelease, releaseOf } from "./catalogue";
import { newestOf, parseSums } from "./checksums";
import { verifiedText } from "./signature";

/** An image with the sum that its distribution has signed. */
export interface Image {
  readonly url: string;
  readonly sha256: string;
  readonly family: FamilyId;
}

/** The newest image of a release by name, from the distribution's own signed list of sums. */
export async function resolveRelease(
  name: string,
  catalogue: Catalogue,
  { fetch }: Pick<Host, "fetch">,
  signal?: AbortSignal,
): Promise<Image> {
  const release = releaseOf(name, catalogue);
  const { folder: directory, iso, sums, family } = release;
  const found = newestOf(parseSums(await signedSums(release, fetch, signal)), iso);
  if (found !== undefined) return { url: directory + found.file, sha256: found.sha256, family };
  throw new KvmError("not-found", `${directory}${sums} lists no ${iso}`, {
    property: "source",
    remedy: `Look at ${directory}, and correct the release in a \`catalogue\` of your own`,
  });
}

async function signedSums(
  { folder: directory, sums, signature, keys }: CatalogueRelease,
  fetch: Host["fetch"],
  signal: AbortSignal | undefined,
): Promise<string> {
  const load = (url: string) => fetch.bytes(url, signal);
  const urls = [...new Set(keys.map(({ url }) => url))];
  const [content, proof, ...files] = await Promise.all([
    load(directory + sums),
    signature === undefined ? undefined : load(directory + signature),
    ...urls.map(load),
  ]);
  return verifiedText({
    content,
    signature: proof,
    keys: files,
    fingerprints: keys.map(({ fingerprint }) => fingerprint),
    name: directory + sums,
  });
}
