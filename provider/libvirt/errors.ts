import { CommandFailed, KvmError } from "../errors";
import { failures } from "./failures";

/** A failed virsh call in the user's terms; what isn't known keeps virsh's own words. */
export function explainVirsh(failure: unknown): unknown {
  if (!(failure instanceof CommandFailed)) return failure;
  const { stderr } = failure.failure;
  for (const { pattern, code, what, remedy } of failures) {
    const match = pattern.exec(stderr);
    if (match === null) continue;
    const groups = match.slice(1).filter((group: string | undefined) => group !== undefined);
    return new KvmError(code, what === undefined ? virshWords(stderr) : fill(what, groups), {
      remedy: fill(remedy, groups),
      cause: failure,
    });
  }
  return failure;
}

function fill(text: string, groups: readonly string[]): string {
  return text.replace(/\$(\d)/g, (_, position: string) => oneLine(groups[Number(position) - 1] ?? ""));
}

/** From the last `error:` line on, which carries the cause. */
function virshWords(stderr: string): string {
  const words = stderr.split(/^error: /m).at(-1) ?? "";
  return `libvirt: ${oneLine(words).replace(/\.$/, "")}`;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, "; ");
}
