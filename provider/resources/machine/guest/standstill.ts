import type { DomainState } from "../../../libvirt/client";
import type { Context } from "../../../resource/handler";
import type { Host } from "../../../resource/host";
import { KvmError } from "../../../values/errors";
import { elapsed } from "../../../values/scalars";
import { activityFrom } from "./activity";
import type { InstallerLog } from "./installer-log";
import { takePicture } from "./picture";
import { quotable, quotableScreen } from "./quotable";
import { screenOf } from "./screen";
import type { InstallationWatch } from "./watch";

/** An installation that makes no progress. */
export interface Standstill {
  /** What it is waiting for, if that is known. */
  readonly cause: string | undefined;
  readonly sinceMs: number;
}

export interface Watchdog {
  /** @param hasLogged whether the installer's log has grown since the previous look */
  look(
    state: DomainState,
    hasLogged: boolean,
  ): Promise<{ readonly screen: readonly string[]; readonly standstill: Standstill | undefined }>;
}

/** A known cause counts earlier than no progress alone, but not at once: an installer may show a question for a moment. */
const causeMs = 60_000;

export function watchdogOf(
  host: Host,
  {
    uuid,
    consoleLog,
    family,
    stallSeconds,
  }: Pick<InstallationWatch, "uuid" | "consoleLog" | "family" | "stallSeconds">,
  started: number,
): Watchdog {
  const console = screenOf(host.files, consoleLog);
  const activity = activityFrom(started);
  let cause: string | undefined;
  let causeSince = started;
  return {
    look: async (state, hasLogged) => {
      const [counters, screen] = await Promise.all([host.libvirt.counters(uuid), console.lines()]);
      const now = host.clock.now();
      const lastProgress = activity.lastProgress({ at: now, hasLogged, counters });
      const found = pauseOf(state) ?? family.promptOf(screen);
      if (found !== cause) [cause, causeSince] = [found, now];
      const sinceMs = now - lastProgress;
      const isCaused = cause !== undefined && Math.min(sinceMs, now - causeSince) >= causeMs;
      return { screen, standstill: isCaused || sinceMs >= stallSeconds * 1000 ? { cause, sinceMs } : undefined };
    },
  };
}

/** libvirt pauses a machine by itself if the host has no more space for its disks. */
function pauseOf({ state, reason }: DomainState): string | undefined {
  return state === "paused" ? `the machine is paused (${reason})` : undefined;
}

interface Found extends Standstill {
  readonly screen: readonly string[];
  readonly log: InstallerLog;
}

/** The screen as it is comes first, as a message of its own: the error is one line. */
export async function refuseStandstill(
  host: Host,
  watch: InstallationWatch,
  found: Found,
  context: Context,
): Promise<never> {
  const { name, consoleLog } = watch;
  const screen = quotableScreen(found.screen, watch.family.quotesAnswers);
  if (screen.length > 0)
    context.warn(`the console of machine "${name}" shows:\n${screen.map((line) => `  ${line}`).join("\n")}`);
  const picture = await takePicture(host, watch, context);
  const places = [
    `Its log is ${watch.log}`,
    `its console's log is ${consoleLog}`,
    ...(picture === undefined ? [] : [`a picture of its display is ${picture}`]),
  ].join(", ");
  throw new KvmError("timeout", descriptionOf(watch, found, screen), {
    ...(found.cause === undefined ? { property: "stallTimeout" } : {}),
    remedy: `${places}. Answer it with \`virsh console ${name}\`, then run \`pulumi up\`, which waits for the installation again; or correct the answers or the machine, stop it with \`virsh destroy ${name}\`, then run \`pulumi up\`, which starts the installation again`,
  });
}

function descriptionOf({ name }: InstallationWatch, found: Found, screen: readonly string[]): string {
  const { cause, sinceMs, log } = found;
  const { stage = "starting the installer", problems } = log;
  const what = cause === undefined ? "" : `: ${quotable(cause)}`;
  const words = problems.length === 0 ? "" : `; the installer reports: ${quotable(problems.join("; "))}`;
  const shown = inOneLine(screen);
  const end = shown === "" ? "its console shows nothing" : `its console shows: ${shown}`;
  return `the installation of machine "${name}" stands still at the stage "${stage}"${what}. For ${elapsed(sinceMs)} it has written nothing to its log and its disks, and sent next to nothing${words}; ${end}`;
}

/** The error is one line of the diagnostics. */
const mostShown = 400;

/** A screen's texts without the frames around them, of a long one the end. */
export function inOneLine(screen: readonly string[]): string {
  const texts = screen.map((line) =>
    line
      .replaceAll(/[\u2500-\u259f]+|[+|]?-{3,}[+|]?|_{3,}|^\s*\||\|\s*$/g, " ")
      .replaceAll(/\s+/g, " ")
      .trim(),
  );
  const text = texts.filter((line) => /[\p{L}\p{N}>#$]/u.test(line)).join(" ");
  return text.length <= mostShown ? text : `… ${text.slice(-mostShown)}`;
}
