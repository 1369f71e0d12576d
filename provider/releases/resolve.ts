import path from "node:path";
import type { FamilyId } from "../install/index";
import type { Host } from "../resource/host";
import { KvmError } from "../values/errors";
import type { Catalogue } from "./catalogue";
import { newestName, newestOf, parseSums } from "./checksums";
import { type Medium, mediumOf, type SigningKey } from "./names";
import { verifiedText } from "./signature";

/** An image with the sum that its distribution has signed. */
export interface Image {
  readonly url: string;
  readonly sha256: string;
  readonly family: FamilyId;
}

type Load = (url: string) => Promise<Buffer>;

/** The newest image of a release by name, from the distribution's own signed list of sums. */
export async function resolveRelease(
  name: string,
  catalogue: Catalogue,
  { fetch }: Pick<Host, "fetch">,
  signal?: AbortSignal,
): Promise<Image> {
  const medium = mediumOf(name, catalogue);
  return firstFound(medium.folders, (folder) => imageIn(folder, medium, (url) => fetch.bytes(url, signal)));
}

/** The result of the first place that has it; if none has it, the failure of the first place. */
async function firstFound<Result>(
  [place = "", ...others]: readonly string[],
  search: (place: string) => Promise<Result>,
): Promise<Result> {
  try {
    return await search(place);
  } catch (error) {
    if (others.length === 0 || !isNotFound(error)) throw error;
    return firstFound(others, search).catch((later: unknown) => {
      throw isNotFound(later) ? error : later;
    });
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof KvmError && error.code === "not-found";
}

async function imageIn(folder: string, medium: Medium, load: Load): Promise<Image> {
  const { iso, family, point } = medium;
  const sums = await listIn(folder, medium, load);
  const found = newestOf(parseSums(await signedSums(sums, folder, medium, load)), path.posix.basename(iso), point);
  if (found !== undefined)
    return {
      url: new URL(path.posix.join(path.posix.dirname(iso), found.file), folder).href,
      sha256: found.sha256,
      family,
    };
  throw new KvmError("not-found", `${sums} lists no ${point === undefined ? iso : `${iso} of ${point}`}`, {
    property: "source",
    remedy: `Look at ${folder}, and correct the release in a \`catalogue\` of your own`,
  });
}

/** The URL of the list of sums. A name with `*` is looked up in the server's list of the directory: only the sums are signed. */
async function listIn(folder: string, { sums }: Medium, load: Load): Promise<string> {
  const { href } = new URL(sums, folder);
  if (!sums.includes("*")) return href;
  const directory = new URL(".", href).href;
  const links = (await load(directory)).toString().matchAll(/href="(?:\.\/)?([^"/?#]+)"/g);
  const name = newestName(
    [...links].map(([, file = ""]) => file),
    path.posix.basename(sums),
  );
  if (name !== undefined) return new URL(name, directory).href;
  throw new KvmError("not-found", `${directory} has no ${path.posix.basename(sums)}`, {
    property: "source",
    remedy: `Look at ${directory}, and correct the release in a \`catalogue\` of your own`,
  });
}

async function signedSums(sums: string, folder: string, { signature, keys }: Medium, load: Load): Promise<string> {
  const [content, proof, files] = await Promise.all([
    load(sums),
    signature === undefined ? undefined : load(new URL(signature, folder).href),
    keyFiles(keys, load),
  ]);
  const fingerprints = keys.map(({ fingerprint }) => fingerprint);
  return verifiedText({ content, signature: proof, keys: files, fingerprints, name: sums });
}

/** All copies of the keys that can be had, because an old copy may have expired; of each key, one is enough. */
async function keyFiles(keys: readonly SigningKey[], load: Load): Promise<Buffer[]> {
  const copies = new Map<string, Promise<Buffer>>();
  const copyAt = (url: string) => {
    const copy = copies.get(url) ?? load(url);
    copies.set(url, copy);
    return copy;
  };
  const files = keys.map(async ({ urls }) => {
    const loads = await Promise.allSettled(urls.map(copyAt));
    const present = loads.flatMap((copy) => (copy.status === "fulfilled" ? [copy.value] : []));
    const [failure] = loads.filter((copy) => copy.status === "rejected");
    if (present.length === 0 && failure !== undefined) throw failure.reason;
    return present;
  });
  return [...new Set((await Promise.all(files)).flat())];
}
