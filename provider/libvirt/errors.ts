import { withoutPassword } from "../values/connection";
import { CommandFailed, inUsersWords, KvmError } from "../values/errors";
import { failures } from "./failures";

/** A failed virsh call in the user's terms; what isn't known keeps libvirt's own words, but never the call. */
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

/** Of XML that it can't read, libvirt shows the line and below it an arrow to the place; a password may stand beside it. */
function withoutSecrets(stderr: string): string {
  return withoutPassword(stderr.replace(/^.*\n-*\^$/gm, "(a line of the definition)"));
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
