import { CommandFailed, inUsersWords, KvmError } from "../errors";
import { failures } from "./failures";

/** A failed virsh call in the user's terms; what isn't known keeps libvirt's own words, but never the call. */
export function explainVirsh(failure: unknown): unknown {
  if (!(failure instanceof CommandFailed)) return failure;
  const { stderr } = failure.failure;
  for (const { pattern, code, what, remedy, property } of failures) {
    const match = pattern.exec(stderr);
    if (match === null) continue;
    const groups = match.slice(1).filter((group: string | undefined) => group !== undefined);
    return new KvmError(code, what === undefined ? libvirtsWords(stderr) : inUsersWords(fill(what, groups)), {
      remedy: fill(remedy, groups),
      cause: failure,
      ...(property === undefined ? {} : { property }),
    });
  }
  return new KvmError("command-failed", libvirtsWords(stderr), { cause: failure });
}

function fill(text: string, groups: readonly string[]): string {
  return text.replace(/\$(\d)/g, (_, position: string) => oneLine(groups[Number(position) - 1] ?? ""));
}

/** From the last `error:` line on, which carries the cause. */
function libvirtsWords(stderr: string): string {
  const words = oneLine(stderr.split(/^error: /m).at(-1) ?? "");
  return words === "" ? "libvirt failed, and does not say why" : `libvirt: ${inUsersWords(words).replace(/\.$/, "")}`;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, "; ");
}
