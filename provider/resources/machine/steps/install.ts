import { render } from "../../../format/xml";
import { familyOf } from "../../../install/index";
import { discardIso } from "../../../iso/receipt";
import { readMark } from "../../../libvirt/mark";
import { domainsThat, usesFile } from "../../../libvirt/users";
import { parseDuration } from "../../../values/scalars";
import { imagesOf } from "../definition/disk";
import { updated } from "../definition/edit";
import { installed } from "../definition/installation";
import { ready } from "../definition/ready";
import { filesToMake, installerLogOf, makeLog, pictureOf, removeLog } from "../files/logs";
import { awaitInstallation } from "../guest/await";
import { installationOn } from "../guest/installer";
import { isGone, persistentDefinition } from "../live/definitions";
import type { Run } from "../schema/actual";
import { defineAs } from "./define";
import { hasOwnVariables } from "./start";

/**
 * The mark records what the installation starts from, so the next `up` continues even with another medium. Files of an
 * earlier attempt have no value, and the end of its log would be mistaken for this one's.
 */
export async function startInstallation(run: Run): Promise<void> {
  const { host, desired, actual } = run;
  const { uuid, installation } = actual;
  if (await host.libvirt.isActive("domain", uuid)) await host.libvirt.stop("domain", uuid);
  const current = await persistentDefinition(host, uuid);
  const { files = [] } = (current && readMark(current)) ?? {};
  const started = { disk: imagesOf(desired, actual)[0]?.path ?? "", answers: JSON.stringify(installation) };
  await removeLog(host.files, installerLogOf(host, desired));
  await host.files.remove(pictureOf(host, desired));
  await makeLog(host, installerLogOf(host, desired));
  await defineAs(run, { phase: "installing", files, started });
  const freshNvram = await hasOwnVariables(run);
  await host.libvirt.start("domain", uuid, { freshNvram, boots: true });
}

export async function watchInstallation({ host, context, desired, actual }: Run): Promise<void> {
  const { uuid, installation } = actual;
  if (installation === undefined) return;
  await awaitInstallation(
    host,
    {
      uuid,
      name: desired.name,
      log: installerLogOf(host, desired),
      consoleLog: actual.consoleLogPath,
      picture: pictureOf(host, desired),
      installation,
      family: familyOf(installation.family),
      timeoutSeconds: parseDuration(desired.installTimeout) ?? 0,
      stallSeconds: parseDuration(desired.stallTimeout) ?? 0,
      isReady: async () => {
        const definition = await persistentDefinition(host, uuid);
        return definition !== undefined && readMark(definition)?.phase === "ready";
      },
    },
    context,
  );
}

/** The definition of the installation is edited, so that device addresses stay. */
export async function finishInstallation({ host, context, desired, actual }: Run): Promise<void> {
  const current = await persistentDefinition(host, actual.uuid);
  if (current === undefined) throw isGone(desired);
  const edited = installed(updated(current, desired, actual));
  const owner = { owner: context.urn, identity: context.identity };
  const files = await filesToMake(host, actual.consoleLogPath);
  await host.libvirt.define("domain", render(ready(edited, owner, files)));
}

/**
 * The ISO stays while another machine is installed from it, whose installation deletes it later. The receipt records
 * the ISO's content, because the ISO may have been written again since the installation started.
 */
export async function discardInstaller({ host, desired, actual }: Run): Promise<void> {
  const iso = desired.installer;
  const installation = iso === undefined ? undefined : await installationOn(host, iso);
  if (iso === undefined || installation === undefined || installation.keep) return;
  const others = (await domainsThat(host.libvirt, usesFile(iso))).filter(({ uuid }) => uuid !== actual.uuid);
  if (others.length === 0) await discardIso(iso, { installation, machine: actual.uuid }, host);
}
