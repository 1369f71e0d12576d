import { identityOf, type Installation } from "../../install/installation";
import { receiptOf } from "../../iso/receipt";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { Namesake } from "../../resource/ownership";
import { Conflict } from "../../values/errors";
import { installationAt } from "./observe";

/** What the ISO installs, if this resource created it. */
export async function ownInstallation(iso: string, host: Host, context: Context): Promise<Installation | undefined> {
  const installation = await installationAt(iso, host);
  return installation !== undefined && identityOf(installation) === context.identity ? installation : undefined;
}

/**
 * An ISO that was deleted after an installation keeps its path while its record exists.
 * @throws Conflict if the path has another owner
 */
export async function requireOwn(iso: string, host: Host, context: Context): Promise<void> {
  const isThere = (await host.files.stat(iso)) !== undefined;
  const installation = isThere ? await installationAt(iso, host) : (await receiptOf(iso, host))?.installation;
  if (installation === undefined ? !isThere : identityOf(installation) === context.identity) return;
  const [what, remedy] = isThere
    ? [
        "exists already, and this resource did not create it",
        "Choose another name or `directory`, or move that file away",
      ]
    : [
        "was deleted after an installation, but still belongs to another InstallerIso",
        "Choose another name or `directory`",
      ];
  const details = { property: "name", remedy };
  if (installation?.owner === context.urn) throw new Namesake(iso, "this resource did not create it", details);
  throw new Conflict(`${iso} ${what}`, details);
}
