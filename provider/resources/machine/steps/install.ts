import { type Element, render } from "../../../format/xml";
import { familyOf } from "../../../install/index";
import { discardIso } from "../../../iso/receipt";
import { type Mark, readMark, withMark } from "../../../libvirt/mark";
import { domainsThat, usesFile } from "../../../libvirt/users";
import { Conflict, KvmError } from "../../../values/errors";
import { parseDuration } from "../../../values/scalars";
import { imagesOf } from "../definition/disk";
import { updated } from "../definition/edit";
import { installed } from "../definition/installation";
import { ready } from "../definition/ready";
import { isReinstallDue } from "../definition/reinstallation";
import { emptyLog, filesToMake, installerLogOf, pictureOf } from "../files/logs";
import { removeTpmState } from "../files/tpm";
import { awaitInstallation } from "../guest/await";
import { installationOn } from "../guest/installer";
import { runsInstaller, stateOf } from "../guest/installing";
import { leaving } from "../guest/leaving";
import { turnOff } from "../guest/power";
import { inTurn } from "../guest/turn";
import { isGone, persistentDefinition } from "../live/definitions";
import type { Run } from "../schema/actual";
import { defineAs, mediaOf } from "./define";
import { hasOwnVariables } from "./start";

/**
 * The mark records what the installation starts from, so the next `up` continues even with another medium. Files of an
 * earlier attempt have no value, and the end of its log would be mistaken for this one's.
 */
export function startInstallation(run: Run): Promise<void> {
  const { host, desired, actual, context } = run;
  return inTurn(host, { ...desired, uuid: actual.uuid }, () => startNow(run), context);
}

async function startNow(run: Run): Promise<void> {
  const { host, desired, actual } = run;
  const { uuid, installation } = actual;
  await endWhatRuns(run);
  const current = await persistentDefinition(host, uuid);
  const mark = current && readMark(current);
  const started = { disk: imagesOf(desired, actual)[0]?.path ?? "", answers: JSON.stringify(installation) };
  await emptyLog(host.files, installerLogOf(host, desired));
  await host.files.remove(pictureOf(host, desired));
  if (current !== undefined && mark?.reinstall !== undefined)
    await redefineToInstall(run, current, { ...mark, started });
  else await defineAs(run, { phase: "installing", files: mark?.files ?? [], started });
  if (desired.tpm !== undefined) await removeTpmState(host, uuid);
  const freshNvram = await hasOwnVariables(run);
  await host.libvirt.start("domain", uuid, { freshNvram, boots: true });
}

/**
 * An installer would not answer a request, and its incomplete work has no value. A machine that runs from its disk, because
 * its user has started it, may be in use.
 */
async function endWhatRuns(run: Run): Promise<void> {
  const { host, desired, actual, previous } = run;
  if (!(await host.libvirt.isActive("domain", actual.uuid))) return;
  if (await runsInstaller(host, actual.uuid)) return host.libvirt.stop("domain", actual.uuid);
  const definition = await persistentDefinition(host, actual.uuid);
  if (isReinstallDue(desired, previous?.inputs.reinstall, definition && readMark(definition)))
    return turnOff(run, "it is not installed again");
  throw new Conflict(
    `machine "${desired.name}" runs from its disk, although its installation was not complete: an installation would erase what it has written since`,
    {
      property: "installer",
      remedy: `Shut it down, or run \`virsh destroy ${desired.name}\`; \`pulumi up\` then installs it. To keep it as it is, remove \`installer\``,
    },
  );
}

/** The definition of an existing machine is edited: what its user or another program has added to it stays. */
async function redefineToInstall(run: Run, current: Element, mark: Mark): Promise<void> {
  const { host, context, desired, actual, previous } = run;
  const edited = updated(current, desired, actual, previous, mediaOf(run));
  const owner = { owner: context.urn, identity: context.identity };
  const reinstall = desired.reinstall ?? mark.reinstall;
  const root = withMark(edited, { ...mark, ...owner, phase: "installing", reinstall });
  await host.libvirt.define("domain", render(root));
}

/** The running installer keeps its own definition. */
export async function bootDiskNext(run: Run): Promise<void> {
  const { current, edited } = await withoutInstaller(run);
  if (render(edited) !== render(current)) await run.host.libvirt.define("domain", render(edited));
}

export async function leaveInstallation({ host, context, desired, actual }: Run): Promise<void> {
  const { uuid, installation } = actual;
  if (installation === undefined) return;
  const { name } = desired;
  const state = await stateOf(host, { uuid, name }, installation);
  if (state.kind !== "failed") {
    context.progress(leaving(state, desired.running !== false));
    return;
  }
  throw new KvmError("install-failed", `the installation of machine "${name}" failed: ${state.reason}`, {
    remedy: `Read ${installerLogOf(host, { name })} on the host, and correct the cause; \`pulumi up\` then starts the installation again`,
  });
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
        const isMarked = definition !== undefined && readMark(definition)?.phase === "ready";
        return isMarked || !(await runsInstaller(host, uuid));
      },
    },
    context,
  );
}

/** The definition of the installation is edited, so that device addresses stay. */
async function withoutInstaller({ host, desired, actual, previous }: Run) {
  const current = await persistentDefinition(host, actual.uuid);
  if (current === undefined) throw isGone(desired);
  return { current, edited: installed(updated(current, desired, actual, previous)) };
}

export async function finishInstallation(run: Run): Promise<void> {
  const { host, context, actual } = run;
  const { current, edited } = await withoutInstaller(run);
  const owner = { owner: context.urn, identity: context.identity };
  const files = await filesToMake(host, actual.consoleLogPath);
  const reinstall = readMark(current)?.reinstall;
  await host.libvirt.define("domain", render(ready(edited, owner, files, reinstall)));
}

/** Without an installer nothing is installed any more: what is on the disk is the user's. */
export async function stopInstaller({ host, actual: { uuid } }: Run): Promise<void> {
  if (await runsInstaller(host, uuid)) await host.libvirt.stop("domain", uuid);
}

/** The text of a request that the program has no more: given again, it is another request. */
export async function forgetReinstallation({ host, actual }: Run): Promise<void> {
  const definition = await persistentDefinition(host, actual.uuid);
  if (definition === undefined) return;
  const mark = readMark(definition);
  if (mark?.reinstall === undefined) return;
  await host.libvirt.define("domain", render(withMark(definition, { ...mark, reinstall: undefined })));
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
