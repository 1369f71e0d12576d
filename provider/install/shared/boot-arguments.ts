/** A kernel that panics would stand still until the time limit; a reboot ends the installation, without its mark. */
export const rebootAfterPanic = "panic=10";

/** The user's own kernel arguments, and a serial console where they name none. */
export function withConsole(own: readonly string[]): string[] {
  const hasConsole = own.some((argument) => argument.startsWith("console="));
  return [...(hasConsole ? [] : ["console=ttyS0,115200"]), ...own];
}
