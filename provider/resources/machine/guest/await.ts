import type { Context } from "../../../resource/handler";
import type { Host } from "../../../resource/host";
import { KvmError, NotFound } from "../../../values/errors";
import { elapsed } from "../../../values/scalars";
import { readerOf } from "../files/logs";
import { emptyLog, ended, type InstallerLog, withText } from "./installer-log";
import { quotable } from "./quotable";
import { offersKey, preferredKey, typeOfKey } from "./ssh";
import { refuseStandstill, watchdogOf } from "./standstill";
import type { InstallationWatch } from "./watch";

const pollMs = 2_000;
/** Interval in which the elapsed time is shown during a stage. */
const showEveryMs = 15_000;

/**
 * Waits until the guest has written its mark and powered off. Only the mark proves the end: libvirt can't distinguish a
 * power-off, a reboot and a panic.
 */
export async function awaitInstallation(host: Host, watch: InstallationWatch, context: Context): Promise<void> {
  const started = host.clock.now();
  const show = stageDisplay(host, context, started);
  const meaning = { ...watch.family, mark: watch.installation.mark };
  const reader = readerOf(host.files, watch.log);
  const watchdog = watchdogOf(host, watch, started);
  let log = emptyLog;
  for (;;) {
    // The state is read first, so that the log contains all output before the power-off.
    const state = await host.libvirt.domainState(watch.uuid);
    const text = await reader.next();
    log = withText(log, text, meaning);
    if (state === undefined)
      throw new NotFound(`machine "${watch.name}" was deleted during its installation`, {
        remedy: "Run `pulumi refresh`, then `pulumi up`",
      });
    if (state.state === "shut off") {
      requireMark(watch, ended(log, meaning));
      return;
    }
    if (log.isComplete && (await watch.isReady())) return;
    refuseFailure(log, watch);
    const { screen, standstill } = await watchdog.look(state, text !== "");
    show(log.stage, watch.family.percentOf?.(screen));
    if (standstill !== undefined) await refuseStandstill(host, watch, { ...standstill, screen, log }, context);
    if (host.clock.now() - started > watch.timeoutSeconds * 1000) throw stillInstalling(watch, log);
    await host.clock.sleep(pollMs, context.signal);
  }
}

function requireMark(watch: InstallationWatch, log: InstallerLog): void {
  if (log.isComplete) return;
  const what =
    log.failure === undefined
      ? `machine "${watch.name}" powered off before its installation was complete${contextOf(log)}`
      : failed(watch, log);
  throw new KvmError("install-failed", what, {
    remedy: `Read ${watch.log} on the host; \`pulumi up\` starts the installation again`,
  });
}

/** Otherwise the installation would only reach its time limit. */
function refuseFailure(log: InstallerLog, watch: InstallationWatch): void {
  if (log.failure === undefined) return;
  throw new KvmError("install-failed", failed(watch, log), {
    remedy: `Read ${watch.log} on the host, correct the answers, then run \`pulumi up\`, which starts the installation again`,
  });
}

function failed({ name }: InstallationWatch, { failure = "", problems }: InstallerLog): string {
  const others = problems.filter((problem) => !failure.includes(problem));
  const words = others.length === 0 ? "" : `; the installer reports: ${quotable(others.join("; "))}`;
  return `the installation of machine "${name}" failed: ${failure}${words}`;
}

function stillInstalling(watch: InstallationWatch, log: InstallerLog): KvmError {
  return new KvmError(
    "timeout",
    `the installation of machine "${watch.name}" was not complete after ${watch.timeoutSeconds} s${contextOf(log)}`,
    {
      property: "installTimeout",
      remedy: `The installation continues, and \`pulumi up\` waits for it again. Its log is ${watch.log}`,
    },
  );
}

function contextOf({ stage, problems, tail }: InstallerLog): string {
  const words = problems.length === 0 ? "" : `; the installer reports: ${quotable(problems.join("; "))}`;
  const last = tail.length === 0 ? "" : `; its log ends: ${quotable(tail.join("; "))}`;
  return `${stage === undefined ? "" : `, at the stage "${stage}"`}${words}${last}`;
}

function stageDisplay(host: Host, context: Context, started: number) {
  let shown: string | undefined;
  let shownAt = -Infinity;
  return (stage = "starting the installer", percent?: number) => {
    const now = host.clock.now();
    if (stage === shown && now - shownAt < showEveryMs) return;
    shown = stage;
    shownAt = now;
    context.progress(`installing: ${stage}${percent === undefined ? "" : ` ${percent} %`}, ${elapsed(now - started)}`);
  };
}

export interface SshTarget {
  readonly name: string;
  readonly hostKeys: readonly string[];
  readonly timeoutSeconds: number;
  /** The machine's address as soon as it is known. */
  readonly address: () => Promise<string | undefined>;
}

/** Waits until the SSH server answers, with the host key that it must have. */
export async function awaitSsh(host: Host, target: SshTarget, context: Context): Promise<void> {
  const started = host.clock.now();
  let address: string | undefined;
  for (;;) {
    address ??= await target.address();
    if (address !== undefined && (await answers(host, address, target))) return;
    const waited = host.clock.now() - started;
    if (waited > target.timeoutSeconds * 1000) throw noAnswer(target, address);
    context.progress(`waiting for ssh${address === undefined ? "" : ` at ${address}`}, ${elapsed(waited)}`);
    await host.clock.sleep(pollMs, context.signal);
  }
}

async function answers(host: Host, address: string, { name, hostKeys }: SshTarget): Promise<boolean> {
  const key = preferredKey(hostKeys);
  const types = key === undefined ? [] : ["-t", typeOfKey(key).replace(/^ssh-/, "")];
  const { stdout } = await host.run("ssh-keyscan", ["-T", "5", ...types, address], { accept: [1] });
  const matches = offersKey(stdout, hostKeys);
  if (matches === false) {
    throw new KvmError("conflict", `the SSH server at ${address} has another host key than machine "${name}"`, {
      remedy: "Check whether another machine has this address",
    });
  }
  return matches === true;
}

function noAnswer({ name, timeoutSeconds }: SshTarget, address: string | undefined): KvmError {
  const what = address === undefined ? "got no address" : `did not answer by ssh at ${address}`;
  return new KvmError("timeout", `machine "${name}" ${what} within ${timeoutSeconds} s of its start`, {
    property: "sshTimeout",
    remedy: "See its console log; the machine stays, and `pulumi up` waits again",
  });
}
