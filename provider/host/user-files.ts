import { randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { explained } from "./file-errors";
import { passingName } from "./leftovers";

/** A new passphrase: nobody has to remember it. */
export function newPassphrase(): string {
  return randomBytes(24).toString("base64url");
}

/**
 * Creates a file that only this user can read, unless it exists: of two processes at the same time, one makes it, complete
 * or not at all.
 */
export async function createPrivate(file: string, content: string): Promise<void> {
  await explained(file, "write", async () => {
    const passing = path.join(path.dirname(file), passingName());
    await fs.writeFile(passing, content, { mode: 0o600, flag: "wx", flush: true });
    try {
      await fs.link(passing, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      await fs.rm(passing, { force: true });
    }
  });
}

/** Makes `file` a symbolic link to `target`, in place of another link. */
export async function linkTo(target: string, file: string): Promise<void> {
  await explained(file, "write", async () => {
    const found = await fs.readlink(file).catch(() => undefined);
    if (found === target) return;
    const passing = path.join(path.dirname(file), passingName());
    await fs.symlink(target, passing);
    await fs.rename(passing, file);
  });
}
