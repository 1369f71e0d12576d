import { KvmError } from "../../errors";
import type { IsoFacts, Release } from "../family";
import { menu, menus } from "./media";

const products = "media.1/products";

export const recognisedBy = `${products} and ${menu}`;

/** What tells the release, and the menus, which say by which commands GRUB boots. */
export function probes(files: ReadonlySet<string>): string[] {
  return [products, ...menus].filter((file) => files.has(file));
}

/** The line of the medium's product: `/ openSUSE-Leap 15.6-0`. */
export function detectSuse({ files, texts }: Pick<IsoFacts, "files" | "texts">): Release | undefined {
  const [, name, version] = /^\/ (\S+) (\S+?)(?:-\d+)?$/m.exec(texts.get(products) ?? "") ?? [];
  if (name === undefined || version === undefined || !files.has(menu)) return undefined;
  const title = `${name.replaceAll("-", " ")} ${version}`;
  if (Number.parseInt(version, 10) < 15) throw tooOld(title);
  return { family: "suse", title, version };
}

function tooOld(title: string): KvmError {
  return new KvmError("unsupported", `the ISO holds ${title}, whose installer takes older answers`, {
    property: "source",
    remedy: "Take openSUSE Leap 15 or SLES 15, or a later release",
  });
}
