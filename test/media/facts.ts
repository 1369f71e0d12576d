import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import type { IsoFacts } from "../../provider/install/family";
import { probesOf } from "../../provider/install/index";

/**
 * What is seen of an ISO whose layout lies in this folder: `files.txt` lists its files, below `iso/` are those that are
 * read as text. @param media such as `redhat/fedora-43-netinst`
 */
export function factsOf(media: string): IsoFacts {
  const read = (file: string) => readFileSync(path.join(__dirname, media, file), "utf8");
  const files = new Set(read("files.txt").trim().split("\n"));
  const texts = probesOf(files).map((file) => [file, read(path.join("iso", file))] as const);
  return { volumeId: read("volume-id.txt").trim(), files, texts: new Map(texts) };
}

/** The same without some files, or with other texts. */
export function changed(
  facts: IsoFacts,
  { without = /(?!)/, texts = {} }: { readonly without?: RegExp; readonly texts?: Readonly<Record<string, string>> },
): IsoFacts {
  const files = [...facts.files, ...Object.keys(texts)].filter((file) => !without.test(file));
  const all = [...facts.texts, ...Object.entries(texts)].filter(([file]) => !without.test(file));
  return { ...facts, files: new Set(files), texts: new Map(all) };
}

/** The layouts of a family. */
export function mediaOf(family: string): string[] {
  return globSync(`${family}/*/files.txt`, { cwd: __dirname })
    .map((file) => path.dirname(file))
    .sort();
}
