import { exactlyOne, isAnyGiven, rulesOf, within } from "../../resource/rules";
import type { VolumeInputs } from "./schema";

/** Rules about several inputs together. */
export const volumeRules = rulesOf<VolumeInputs>(
  within(
    "source",
    exactlyOne(["volume", "path", "url"], "must have one of `volume`, `path` and `url`"),
    ({ url, sha256 }, report) => {
      if (url !== undefined && sha256 === undefined)
        report(["sha256"], "is missing: give the sum from the publisher of the file");
    },
    ({ volume, sha256 }, report) => {
      if (volume !== undefined && sha256 !== undefined)
        report(["sha256"], "is not for a volume, which has no fixed sum; remove it");
    },
    ({ volume, format }, report) => {
      if (volume === undefined && format !== undefined)
        report(["format"], "is for a volume; a file must be in the volume's own `format`. Remove it");
    },
  ),
  within("backing", exactlyOne(["volume", "path"], "must have either `volume` or `path`")),
  ({ backing, format }, report) => {
    if (backing !== undefined && format !== "qcow2")
      report(["format"], `"${format}" can't be based on another image; write "qcow2"`);
  },
  ({ source, backing }, report) => {
    if (source !== undefined && backing !== undefined)
      report(["backing"], "can't be set together with `source`: the base is its content");
  },
  ({ source, size }, report) => {
    if (source === undefined && size === undefined) report(["size"], 'is missing: write it like "20GiB"');
  },
  (inputs, report) => {
    if (inputs.preallocate && isAnyGiven(inputs, ["source", "backing"]))
      report(["preallocate"], "is for volumes that are empty at first; remove it");
  },
);
