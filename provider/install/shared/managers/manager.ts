import { z } from "zod";
import type { AddedFile } from "../../family";

/** What takes over the new system at its first start, as the hand-over's script carries it out. */
export interface TakeOver {
  /** As people call it, for messages. */
  readonly title: string;
  /** Installed by the installer, or from the repository that is given. */
  readonly packages: readonly string[];
  /** Where dnf and zypper have other names for them. */
  readonly rpmPackages?: readonly string[];
  /** A program of these packages: without it the installation fails. */
  readonly program?: string;
  /** By their paths in the new system, without a leading slash. */
  readonly files: readonly AddedFile[];
  /** Shell lines of the manager's own, the same for all systems: what they read are files, too. */
  readonly commands?: string;
  /** The unit that starts with the system. The console shows when it fails. */
  readonly unit?: string;
}

/** The names of packages are those of apt, dnf and zypper. */
export const packageName = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9+._:-]*[A-Za-z0-9+._:])?$/, {
  error: ({ input }) => `"${String(input)}" is not the name of a package`,
});

/** A host name or an address, such as that of a server. */
export const server = z.string().regex(/^[A-Za-z0-9.:_-]{1,253}$/, {
  error: ({ input }) => `"${String(input)}" is not a server; write a host name or an address`,
});

/** What names a machine or a group of machines: it becomes the name of a file, and a word in a configuration. */
export const nodeName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,252}$/, {
  error: ({ input }) =>
    `"${String(input)}" is not a name; use letters, digits, hyphens, underscores and dots, with a letter or digit first`,
});

/** A file of the new system that only root reads. */
export function rootFile(path: string, content: string): AddedFile {
  return { path, content: content.endsWith("\n") ? content : `${content}\n`, mode: 0o600 };
}

/** A file of the new system that everyone reads. */
export function openFile(path: string, lines: readonly string[]): AddedFile {
  return { path, content: lines.map((line) => `${line}\n`).join(""), mode: 0o644 };
}

/** JSON is YAML, too, and quotes whatever a value may hold. */
export function yamlOf(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
