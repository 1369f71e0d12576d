import { formatPath } from "../../check";
import type { Failure } from "../../handler";
import type { SystemOptions } from "../shared/system";
import { isNamed } from "./recipe";
import type { DebianOptions } from "./schema";

/** What Debian's installer can't do. */
export function limits(system: SystemOptions, own: DebianOptions): Failure[] {
  const failures: Failure[] = [];
  const report = (path: readonly PropertyKey[], reason: string) =>
    failures.push({ property: formatPath(["system", ...path]), reason });
  system.kernelArguments.forEach((argument, index) => {
    // A list of arguments without white space goes through Debian's own scripts unharmed.
    if (/\s|^---?$/.test(argument)) {
      const reason = `${JSON.stringify(argument)} can't be handed on by Debian's installer; give one argument an item, without white space`;
      report(["kernelArguments", index], reason);
    }
  });
  if (system.disk.layout === "custom" && isNamed(own.recipe)) {
    report(["disk", "layout"], "custom needs the text of an expert recipe in `debian.recipe`");
  }
  return failures;
}
