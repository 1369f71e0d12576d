/** The index and signature files of the mirror. */
import { join } from "node:path";
import type { ArchiveKey } from "./archive-key";
import { formatStanza, formatStanzas, type Stanza } from "./deb822";
import { compress, linkTo, sha256, write } from "./files";
import { RELEASE, SUITE } from "./recipe";

export interface Contents {
  readonly udebs: readonly Stanza[];
  readonly debs: readonly Stanza[];
}

export async function writeIndexes(mirror: string, contents: Contents, key: ArchiveKey): Promise<void> {
  const folder = join(mirror, "dists", SUITE);
  const files = {
    ...(await packageLists("main/debian-installer/binary-amd64", contents.udebs)),
    ...(await packageLists("main/binary-amd64", contents.debs)),
  };
  for (const [path, data] of Object.entries(files)) await write(join(folder, path), data);
  const release = join(folder, "Release");
  await write(release, releaseFile(files, new Date()));
  const { inline, detached } = await key.sign(release);
  await write(join(folder, "InRelease"), inline);
  await write(join(folder, "Release.gpg"), detached);
  await linkTo(SUITE, join(mirror, "dists/stable"));
}

type Files = Readonly<Record<string, Buffer>>;

/** The small Release file beside the lists is where the installer looks for the architectures that a mirror has. */
async function packageLists(folder: string, entries: readonly Stanza[]): Promise<Files> {
  const text = formatStanzas(entries);
  const about = { Archive: "stable", Origin: "Debian", Label: "Debian", Component: "main", Architecture: "amd64" };
  return {
    [`${folder}/Packages`]: Buffer.from(text),
    [`${folder}/Packages.gz`]: await compress(text),
    [`${folder}/Release`]: Buffer.from(formatStanza(about)),
  };
}

export function releaseFile(files: Files, date: Date): string {
  const sums = Object.entries(files).map(([path, data]) => `\n ${sha256(data)} ${data.length} ${path}`);
  return formatStanza({
    Origin: "Debian",
    Label: "Debian",
    Suite: "stable",
    Version: RELEASE,
    Codename: SUITE,
    Date: date.toUTCString().replace("GMT", "UTC"),
    Architectures: "amd64",
    Components: "main",
    SHA256: sums.join(""),
  });
}
