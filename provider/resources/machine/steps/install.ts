import { render } from "../../../format/xml";
import { familyOf } from "../../../install/index";
import { discardIso } from "../../../iso/receipt";
import { readMark } from "../../../libvirt/mark";
import { domainsThat, usesFile } from "../../../libvirt/users";
import { parseDuration } from "../../../values/scalars";
import type { Run } from "../schema/actual";
import { imagesOf } from "../definition/disk";
import { installed, updated } from "../definition/edit";
import { ready } from "../definition/ready";
import { filesToMake, installerLogOf, makeLog, removeLog } from "../files/logs";
import { awaitInstallation } from "../guest/await";
import { installationOn } from "../guest/installer";
import { isGone, persistentDefinition } from "../live/definitions";
import { defineAs } from "./define";
import { hasOwnVariables } from "./start";

/**
 * What it is started from is noted in its mark: by that the next `up` goes on, whatever the medium is by then. Nothing that
 * an earlier attempt has left is of worth, and its last words in the log would be taken for this one's.
 */
export async function startInstallation(run: Run): Promise<void> {
  const { host, desired, actual } = run;
  const { uuid, installation } = actual;
  if (await host.libvirt.isActive("domain", uuid)) await host.libvirt.stop("domain", uuid);
  const current = await persistentDefinition(host, uuid);
  const { files = [] } = (current && readMark(current)) ?? {};
  const started = { disk: imagesOf(desired, actual)[0]?.path ?? "", answers: JSON.stringify(installation) };
  await removeLog(host.files, installerLogOf(host, desired));
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
      installation,
      stageOf: familyOf(installation.family).stageOf,
      timeoutSeconds: parseDuration(desired.installTimeout) ?? 0,
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
 * While another machine is being installed from it, the ISO stays: that one's installation will delete it. The receipt says
 * what was on the ISO, which may have been written anew since the installation began.
 */
export async function discardInstaller({ host, desired, actual }: Run): Promise<void> {
  const iso = desired.installer;
  const installation = iso === undefined ? undefined : await installationOn(host, iso);
  if (iso === undefined || installation === undefined || installation.keep) return;
  const others = (await domainsThat(host.libvirt, usesFile(iso))).filter(({ uuid }) => uuid !== actual.uuid);
  if (others.length === 0) await discardIso(iso, { installation, machine: actual.uuid }, host);
}
