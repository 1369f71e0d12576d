import type { Family } from "../../../install/family";
import type { Installation } from "../../../install/installation";
import type { Context } from "../../../resource/handler";
import type { Host } from "../../../resource/host";
import { KvmError, lastLines, NotFound } from "../../../values/errors";
import { readLog } from "../files/logs";
import { offersKey, preferredKey, typeOfKey } from "./ssh";

const pollMs = 2_000;
/** Interval in which the elapsed time is shown during a stage. */
const showEveryMs = 15_000;

export interface InstallationWatch {
  readonly uuid: string;
  readonly name: string;
  readonly log: string;
  readonly installation: Installation;
  readonly stageOf: Family["stageOf"];
  readonly timeoutSeconds: number;
  /** Whether another program has made the machine ready meanwhile, or has started it from its disk. */
  readonly isReady: () => Promise<boolean>;
}

/**
 * Waits until the guest has written its mark and powered off. Only the mark proves the end: libvirt can't distinguish a
 * power-off, a reboot and a panic.
 */
export async function awaitInstallation(host: Host, watch: InstallationWatch, context: Context): Promise<void> {
  const started = host.clock.now();
  const show = stageDisplay(host, context, started);
  for (;;) {
    // The state is read first, so that the log contains all output before the power-off.
    const state = await host.libvirt.domainState(watch.uuid);
    const log = await readLog(host.files, watch.log);
    show(currentStage(log, watch.stageOf));
    if (state === undefined)
      throw new NotFound(`machine "${watch.name}" was deleted during its installation`, {
        remedy: "Run `pulumi refresh`, then `pulumi up`",
      });
    if (state.state === "shut off") {
      requireMark(watch, log);
      return;
    }
    if (log.includes(watch.installation.mark) && (await watch.isReady())) return;
    refuseFailure(log, watch);
    if (host.clock.now() - started > watch.timeoutSeconds * 1000) throw stillInstalling(watch, log);
    await host.clock.sleep(pollMs, context.signal);
  }
}

function requireMark(watch: InstallationWatch, log: string): void {
  if (log.includes(watch.installation.mark)) return;
  const failure = failureIn(log);
  const what =
    failure === undefined
      ? `machine "${watch.name}" powered off before its installation was complete${contextOf(log, watch)}`
      : failed(watch, failure);
  throw new KvmError("install-failed", what, {
    remedy: `Read ${watch.log} on the host; \`pulumi up\` starts the installation again`,
  });
}

/** Otherwise the installation would only reach its time limit. */
function refuseFailure(log: string, watch: InstallationWatch): void {
  const failure = failureIn(log);
  if (failure === undefined) return;
  throw new KvmError("install-failed", failed(watch, failure), {
    remedy: `Read ${watch.log} on the host, correct the answers, then run \`pulumi up\`, which starts the installation again`,
  });
}

/** A failed step, as reported by the answers' own scripts. */
export function failureIn(log: string): string | undefined {
  return /kvm-deploy: failed: (.*)/.exec(log)?.[1]?.trim();
}

function failed({ name }: InstallationWatch, failure: string): string {
  return `the installation of machine "${name}" failed: ${failure}`;
}

function stillInstalling(watch: InstallationWatch, log: string): KvmError {
  return new KvmError(
    "timeout",
    `the installation of machine "${watch.name}" was not complete after ${watch.timeoutSeconds} s${contextOf(log, watch)}`,
    {
      property: "installTimeout",
      remedy: `The installation continues, and \`pulumi up\` waits for it again. If it makes no progress, the installer may wait for an input that the answers don't give: see its console log`,
    },
  );
}

function contextOf(log: string, watch: InstallationWatch): string {
  const stage = currentStage(log, watch.stageOf);
  const last = lastLines(log, 3);
  return `${stage === undefined ? "" : `, at the stage "${stage}"`}${last === "" ? "" : `; its log ends: ${last}`}`;
}

export function currentStage(log: string, stageOf: Family["stageOf"]): string | undefined {
  return log
    .split("\n")
    .map(stageOf)
    .findLast((stage) => stage !== undefined);
}

function stageDisplay(host: Host, context: Context, started: number) {
  let shown: string | undefined;
  let shownAt = -Infinity;
  return (stage = "starting the installer") => {
    const now = host.clock.now();
    if (stage === shown && now - shownAt < showEveryMs) return;
    shown = stage;
    shownAt = now;
    context.progress(`installing: ${stage}, ${elapsed(now - started)}`);
  };
}

/** 125 s is `2 min 5 s`. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
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
