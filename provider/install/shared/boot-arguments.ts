import type { Report } from "../../resource/rules";
import type { SystemOptions } from "./system";

/** A kernel that panics would stand still until the time limit; a reboot ends the installation, without its mark. */
export const rebootAfterPanic = "panic=10";

/** The kernel writes to all of them; the last one is /dev/console, where installers show what they do. */
const consoles = ["console=tty0", "console=ttyS0,115200"];

/** The user's own kernel arguments, and the screen and the serial port as consoles where they name none. */
export function withConsoles(own: readonly string[]): string[] {
  const hasConsole = own.some((argument) => argument.startsWith("console="));
  return [...(hasConsole ? [] : consoles), ...own];
}

/** Tells which of the user's kernel arguments the installer can't hand on. @param reason what is wrong with them */
export function refuseArguments(
  { kernelArguments }: Pick<SystemOptions, "kernelArguments">,
  refused: RegExp,
  reason: string,
  report: Report,
): void {
  kernelArguments.forEach((argument, index) => {
    if (!refused.test(argument)) return;
    const remedy = "give one argument an item, without white space";
    report(["kernelArguments", index], `${JSON.stringify(argument)} ${reason}; ${remedy}`);
  });
}
