import { KvmError } from "../../values/errors";
import type { IsoFacts, Release } from "../family";
import { kernel } from "./media";

const live = "LiveOS/squashfs.img";
/** Only ISOs that hold packages have it. */
const products = "install/media.1/products";

export const recognisedBy = `${kernel}, ${live} and a volume id that starts with Install-`;

export function probes(files: ReadonlySet<string>): string[] {
  return [products].filter((file) => files.has(file));
}

/** Other live systems have the same files; the volume id, by which the initrd finds its root, distinguishes them. */
export function detectAgama({ volumeId, files, texts }: IsoFacts): Release | undefined {
  if (!files.has(kernel) || !files.has(live)) return undefined;
  const named = /^Install-(.+)-x86_64$/.exec(volumeId)?.[1];
  if (named === undefined) throw liveSystem(volumeId);
  const [, product, number] = /^\/ (\S+) (\S+?)(?:-\d+)?$/m.exec(texts.get(products) ?? "") ?? [];
  const title = product === undefined ? named.replaceAll("-", " ") : `${product.replaceAll("-", " ")} ${number ?? ""}`;
  return { family: "agama", title, version: /\d[\d.]*$/.exec(title)?.[0] ?? "rolling" };
}

function liveSystem(volumeId: string): KvmError {
  return new KvmError("unknown-iso", `the ISO holds a live system (${volumeId}), not an installer`, {
    property: "source",
    remedy: "Take an ISO whose volume id starts with Install-: the installer of Leap 16, SLES 16 or Tumbleweed",
  });
}
