import { withoutPassword } from "../values/connection";
import { CommandFailed, inUsersWords, KvmError } from "../values/errors";
import { failures } from "./failures";

/** A failed virsh call in the user's terms. An unknown failure keeps libvirt's own message, but never the call. */
export function explainVirsh(failure: unknown): unknown {
  if (!(failure instanceof CommandFailed)) return failure;
  const stderr = withoutSecrets(failure.failure.stderr);
  const origin = { cause: failure, words: stderr.trim() };
  for (const { pattern, code, what, remedy, property } of failures) {
    const match = pattern.exec(stderr);
    if (match === null) continue;
    const groups = match.slice(1).filter((group: string | undefined) => group !== undefined);
    return new KvmError(code, what === undefined ? libvirtsWords(stderr) : inUsersWords(fill(what, groups)), {
      remedy: fill(remedy, groups),
      ...origin,
      ...(property === undefined ? {} : { property }),
    });
  }
  return new KvmError("command-failed", libvirtsWords(stderr), origin);
}

/** For XML that it can't read, libvirt shows the line with an arrow below it; the line may contain a password. */
function withoutSecrets(stderr: string): string {
  return withoutPassword(stderr.replace(/^.*\n-*\^$/gm, "(a line of the definition)"));
}

function fill(text: string, groups: readonly string[]): string {
  return text.replace(/\$(\d)/g, (_, position: string) => oneLine(groups[Number(position) - 1] ?? ""));
}

/** From the last `error:` line on, which has the cause. */
function libvirtsWords(stderr: string): string {
  const words = oneLine(stderr.split(/^error: /m).at(-1) ?? "");
  return words === "" ? "libvirt failed without a message" : `libvirt: ${inUsersWords(words).replace(/\.$/, "")}`;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, "; ");
}
