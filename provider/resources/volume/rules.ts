import type { z } from "zod";

interface Candidate {
  readonly format: string;
  readonly size?: string | undefined;
  readonly preallocate: boolean;
  readonly source?: Source | undefined;
  readonly backing?: Place | undefined;
}

interface Source extends Place {
  readonly url?: string | undefined;
  readonly sha256?: string | undefined;
  readonly format?: string | undefined;
}

interface Place {
  readonly volume?: string | undefined;
  readonly path?: string | undefined;
}

/** What no single input can say of itself. */
export function volumeRules(inputs: Candidate, context: z.core.$RefinementCtx): void {
  const report = (at: string, message: string) =>
    context.addIssue({ code: "custom", path: at.split("."), message, input: inputs });
  const { source, backing, format, size, preallocate } = inputs;
  if (source !== undefined) sourceRules(source, report);
  if (backing !== undefined) backingRules(backing, format, report);
  if (source !== undefined && backing !== undefined)
    report("backing", "can't be together with `source`: what it is based on is its content");
  if (source === undefined && size === undefined) report("size", 'is missing: write it like "20GiB"');
  if (preallocate && (source ?? backing) !== undefined)
    report("preallocate", "is for volumes that begin empty; leave it out");
}

type Report = (at: string, message: string) => void;

function sourceRules({ volume, path, url, sha256, format }: Source, report: Report): void {
  const count = [volume, path, url].filter((given) => given !== undefined).length;
  if (count !== 1) report("source", "must have one of `volume`, `path` and `url`");
  if (url !== undefined && sha256 === undefined)
    report("source.sha256", "is missing: give the sum that the publisher of the file names");
  if (volume !== undefined && sha256 !== undefined)
    report("source.sha256", "is not for a volume, which has no fixed sum; leave it out");
  if (volume === undefined && format !== undefined)
    report("source.format", "is for a volume; a file must be in the volume's own `format`. Leave it out");
}

function backingRules({ volume, path }: Place, format: string, report: Report): void {
  if ((volume === undefined) === (path === undefined)) report("backing", "must have either `volume` or `path`");
  if (format !== "qcow2") report("format", `"${format}" can't be based on another image; write "qcow2"`);
}
