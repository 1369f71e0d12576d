import { missingProgram } from "./programs";

/**
 * Runs a program with the terminal of this process, without a time limit.
 * @returns its exit code; 128 and the signal's number if a signal has ended it
 */
export async function runInForeground(program: string, args: readonly string[]): Promise<number> {
  const { execa } = await import("execa");
  const { constants } = await import("node:os");
  // Ctrl-C reaches the program, too, which ends in its own time.
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  try {
    const result = await execa(program, args, { stdio: "inherit", reject: false });
    if (result.code === "ENOENT") throw missingProgram(program);
    return (
      result.exitCode ?? 128 + (result.signal === undefined ? 0 : constants.signals[result.signal as NodeJS.Signals])
    );
  } finally {
    process.off("SIGINT", ignore);
  }
}
