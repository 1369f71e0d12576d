import { splitKickstart } from "../../format/kickstart";
import type { Finding, OwnAnswers } from "../family";
import { slipsInPartitioning } from "./slips";

/** A command of a kickstart file, outside of its sections. */
interface Command {
  readonly words: readonly string[];
  /** Counted from 1. */
  readonly line: number;
}

const sectionStart = /^%(?:pre|pre-install|post|onerror|traceback|packages|addon|anaconda|certificate)\b/;
const endings: readonly string[] = ["poweroff", "shutdown", "reboot", "halt"];

/** The commands outside of sections, and the lines that include other files. */
function commandsOf(text: string): Command[] {
  const commands: Command[] = [];
  let isInSection = false;
  text.split("\n").forEach((raw, index) => {
    const line = raw.trim();
    if (isInSection || line === "" || line.startsWith("#")) {
      if (line === "%end") isInSection = false;
      return;
    }
    isInSection = sectionStart.test(line);
    if (!isInSection)
      commands.push({ words: splitKickstart(line.replace(/\s#.*$/, "")) ?? line.split(/\s+/), line: index + 1 });
  });
  return commands;
}

/**
 * Goes after the kickstart file where that would wait for a key at the end (halt, which is also the default), or start the new
 * system within the installer's machine (--kexec): the last of these commands counts. A reboot ends the installation of a
 * machine as a power-off does.
 */
export function ending(text: string): string {
  const last = commandsOf(text).findLast(({ words: [name = ""] }) => endings.includes(name))?.words ?? ["halt"];
  return last[0] === "halt" || last.includes("--kexec") ? "\npoweroff\n" : "";
}

/** What Anaconda would stumble over in a kickstart file of the user's own. */
export function review({ rendered: { text } }: OwnAnswers): Finding[] {
  const commands = commandsOf(text);
  return [...unreadable(text), ...partitioningFindings(commands)];
}

function unreadable(text: string): Finding[] {
  const findings: Finding[] = [];
  // Sections of kvm-deploy's own may stand before the file.
  const mark = text.split("\n").findIndex((line) => line.includes("\ufeff"));
  if (mark !== -1)
    findings.push({ line: mark + 1, message: "has a byte-order mark, which is no command; save the file without it" });
  const windows = text.split("\n").findIndex((line) => line.endsWith("\r"));
  if (windows !== -1)
    findings.push({
      line: windows + 1,
      message: "ends as on Windows, and scripts fail by that; save the file with Unix line ends",
    });
  return findings;
}

/** A file that is included may hold what is missing. */
function partitioningFindings(commands: readonly Command[]): Finding[] {
  const includesOthers = commands.some(({ words: [name = ""] }) => name === "%include" || name === "%ksappend");
  if (includesOthers) return [];
  const { slips, bootsByUefi } = slipsInPartitioning(commands.map(({ words }) => words));
  const findings: Finding[] = slips.map(({ index, message }) => ({ line: commands[index]?.line ?? 1, message }));
  if (!bootsByUefi)
    findings.push({
      message:
        "makes no partition for UEFI, which a machine with `firmware: uefi` can't boot without; write reqpart, or part /boot/efi --fstype=efi --size=600",
      isNotice: true,
    });
  return findings;
}
