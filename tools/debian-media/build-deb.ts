import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { formatStanza, field, type Stanza } from "./deb822";
import { sha256, write } from "./files";
import { run } from "./run";

const MAINTAINER = "kvm-deploy <kvm-deploy@kvm-deploy.invalid>";

/** Builds a package of a folder into the mirror's pool; its entry for the mirror's index. */
export async function buildPackage(
  mirror: string,
  tree: string,
  suffix: "deb" | "udeb",
  control: Stanza,
): Promise<Stanza> {
  const stanza = { ...control, Maintainer: MAINTAINER };
  await write(join(tree, "DEBIAN/control"), formatStanza(stanza));
  const version = field(control, "Version").replace(/^\d+:/, "");
  const path = `pool/kvm-deploy/${field(control, "Package")}_${version}_${field(control, "Architecture")}.${suffix}`;
  await mkdir(join(mirror, "pool/kvm-deploy"), { recursive: true });
  await run("dpkg-deb", ["-Zgzip", "--root-owner-group", "-b", tree, join(mirror, path)]);
  const data = await readFile(join(mirror, path));
  return { ...stanza, Filename: path, Size: String(data.length), SHA256: sha256(data) };
}
