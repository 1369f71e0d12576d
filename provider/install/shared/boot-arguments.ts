/** A kernel that panics would stand still until the time limit; a reboot ends the installation, without its mark. */
export const rebootAfterPanic = "panic=10";

/** The kernel writes to all of them; the last one is /dev/console, where installers show what they do. */
const consoles = ["console=tty0", "console=ttyS0,115200"];

/** The user's own kernel arguments, and the screen and the serial port as consoles where they name none. */
export function withConsoles(own: readonly string[]): string[] {
  const hasConsole = own.some((argument) => argument.startsWith("console="));
  return [...(hasConsole ? [] : consoles), ...own];
}
