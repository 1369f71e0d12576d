import { formatPath } from "../../resource/check";
import type { Failure } from "../../resource/handler";
import type { Report } from "../../resource/rules";
import type { Release } from "../family";
import { suseAccounts } from "../shared/names/accounts";
import { refuseGroups, refuseHandOver, refuseRenaming, refuseTakenNames, refuseUnnamedMirror } from "../shared/limits";
import type { SystemOptions } from "../shared/system";
import { refuseUnlock } from "../shared/unlock/limits";
import type { AgamaOptions } from "./schema";
import { slipsInStorage } from "./slips";
import { isKnownZone } from "./timezone";
import { choices } from "../../values/nearest";

/** What Agama can't do, or has no default for. */
export function limits(system: SystemOptions, own: AgamaOptions): Failure[] {
  const failures: Failure[] = [];
  const report: Report = (path, reason) => failures.push({ property: formatPath(path), reason });
  const reportShared: Report = (path, reason) => report(["system", ...path], reason);
  refuseTakenNames(system, suseAccounts, reportShared);
  refuseRenaming(system, "Agama", reportShared);
  refuseGroups(system, /^[A-Za-z0-9][A-Za-z0-9+._-]*$/, 'a pattern; write it like "base"', reportShared);
  if (own.product === undefined)
    report(["agama", "product"], 'is missing: name the product, such as "Leap_16.0", "SLES" or "Tumbleweed"');
  refuseUnlock(
    system,
    "isn't carried out with Agama, which has a way of its own for TPM 2.0 and none for Tang; leave it out, or take the layout custom, with `tpmFde` in `agama.storage`",
    reportShared,
  );
  checkDisk(system, own, report);
  refuseUnnamedMirror(system.disk, reportShared);
  checkTimeZone(system, reportShared);
  checkSources(system, reportShared);
  const hasOtherPlaces = own.repositories.length > 0;
  refuseHandOver(
    system,
    { kind: "rpm", distribution: "the distribution", missing: ["chef"], hasOtherPlaces },
    reportShared,
  );
  return failures;
}

/** Agama refuses a product that its live system doesn't have. */
export function releaseLimits({ title }: Release, _system: SystemOptions, { product }: AgamaOptions): Failure[] {
  const products = productsOf(title);
  if (product === undefined || products === undefined || products.includes(product)) return [];
  const reason = `is ${product}, which the ISO of ${title} doesn't have; ${choices("it has", product, products)}`;
  return [{ property: "agama.product", reason }];
}

/** Undefined for ISOs with the products of several distributions. */
function productsOf(title: string): readonly string[] | undefined {
  const leap = /\bLeap (\d+\.\d+)$/.exec(title)?.[1];
  if (leap !== undefined) return [...(leap === "16.0" ? [] : ["openSUSE_Leap"]), `Leap_${leap}`];
  return /\bSLES? /.test(title) ? ["SLES", "SLES_SAP"] : undefined;
}

function checkDisk({ disk: { layout } }: SystemOptions, { storage }: AgamaOptions, report: Report): void {
  if (layout === "custom" && storage === undefined)
    report(["system", "disk", "layout"], "custom needs Agama's description of the disks in `agama.storage`");
  if (layout !== "custom" && storage !== undefined)
    report(["agama", "storage"], `is of no use to the layout ${layout}; set \`system.disk.layout\` to custom`);
  for (const { path, message } of storage === undefined ? [] : slipsInStorage(storage))
    report(["agama", "storage", ...path], message);
}

function checkTimeZone({ timezone }: SystemOptions, report: Report): void {
  if (!isKnownZone(timezone))
    report(["timezone"], `"${timezone}" is unknown to Agama; name a region's city, such as "Europe/Berlin"`);
}

function checkSources({ mirror, proxy }: SystemOptions, report: Report): void {
  if (mirror !== undefined)
    report(["mirror"], "is not for Agama, which knows its products' own; add it as `agama.repositories`");
  if (proxy !== undefined) report(["proxy"], "is not known to every Agama; give `proxy=URL` among `kernelArguments`");
}
