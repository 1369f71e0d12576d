import type { Kernel } from "./kernel";
import type { Content, Tree } from "./tree";

/** What the ISOs are made of. */
export interface Parts {
  /** Folder for what is in the making. */
  readonly work: string;
  readonly kernel: Content;
  readonly initrd: Content;
  readonly loaders: Kernel["loaders"];
}

/** An installer ISO as its distribution lays it out. */
export interface Layout {
  readonly name: string;
  readonly volumeId: string;
  /** Writes the ISO. */
  readonly write: (iso: string, parts: Parts) => Promise<void>;
}

/** `kernel` and `initrd` as in the ISOs that have them at several places: more names for the same file. */
export function bootFiles({ kernel, initrd }: Parts, kernels: readonly string[], initrds: readonly string[]): Tree {
  return { ...named(kernel, kernels), ...named(initrd, initrds) };
}

function named(content: Content, [first = "", ...others]: readonly string[]): Tree {
  return { [first]: content, ...Object.fromEntries(others.map((path) => [path, { same: first }])) };
}
