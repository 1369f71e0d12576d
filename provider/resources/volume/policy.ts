import { connectionPolicy } from "../../resource/connection-policy";
import type { Depends, PolicyTable } from "../../resource/policy";
import type { VolumeInputs } from "./schema";

/** Another place of the same content makes no difference. */
const place: Depends<VolumeInputs> = {
  kind: "depends",
  text: "nothing on the host if the sum stays the same, else refused",
  most: "refuse",
  decide: (olds, news) =>
    olds.source?.sha256 !== undefined && olds.source.sha256 === news.source?.sha256 ? "setting" : "refuse",
};

/** A volume contains data: no change replaces it. */
export const volumePolicies = {
  connection: connectionPolicy("refuse"),
  name: "refuse",
  adopt: "setting",
  deleteAdopted: "setting",
  pool: "refuse",
  format: "refuse",
  size: "live",
  preallocate: "refuse",
  source: {
    kind: "parts",
    whole: {
      kind: "depends",
      text: "removed: nothing on the host; added: refused",
      most: "refuse",
      decide: (_olds, news) => (news.source === undefined ? "setting" : "refuse"),
    },
    fields: { volume: "refuse", format: "setting", path: place, url: place, sha256: "refuse" },
  },
  backing: "refuse",
} as const satisfies PolicyTable<VolumeInputs>;
