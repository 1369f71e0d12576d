import { render } from "../../format/xml";
import { hasDirectory, typeOf } from "./kinds";
import { storagePoolXml } from "./places";
import type { StoragePoolInputs } from "./schema";

export type StoragePoolStep =
  | { readonly kind: "define"; readonly xml: string }
  /** Makes the directory. */
  | { readonly kind: "build" }
  | { readonly kind: "autostart"; readonly on: boolean }
  | { readonly kind: "start" }
  | { readonly kind: "stop" }
  | { readonly kind: "undefine" }
  /** Unless something is in it, or another pool has it by then. */
  | { readonly kind: "remove-directory"; readonly path: string }
  /** Takes it out of the ledger. */
  | { readonly kind: "release" };

/** The actual state before a create. */
export interface Beginning {
  readonly uuid: string;
  readonly isDefined: boolean;
  readonly directoryExists: boolean;
}

/** Each step may have been done by an interrupted create. */
export function planCreate(inputs: StoragePoolInputs, { uuid, isDefined, directoryExists }: Beginning) {
  const steps: StoragePoolStep[] = [];
  if (!isDefined) steps.push({ kind: "define", xml: render(storagePoolXml(inputs, uuid)) });
  // The storage of the other kinds exists already, and building it would erase it.
  if (hasDirectory(typeOf(inputs)) && !directoryExists) steps.push({ kind: "build" });
  return [...steps, ...planUpdate(inputs)];
}

/** Starting an active pool, or stopping an inactive one, succeeds: an interrupted update is done again. */
export function planUpdate({ autostart, running }: StoragePoolInputs): StoragePoolStep[] {
  return [{ kind: "autostart", on: autostart }, running ? { kind: "start" } : { kind: "stop" }];
}

/** The actual state before a removal. */
export interface Ending {
  readonly isDefined: boolean;
  /** Whether its directory was created with it. */
  readonly madeDirectory: boolean;
}

export function planRemove({ path }: StoragePoolInputs, { isDefined, madeDirectory }: Ending): StoragePoolStep[] {
  return [
    ...(isDefined ? ([{ kind: "stop" }, { kind: "undefine" }] as const) : []),
    ...(madeDirectory && path !== undefined ? [{ kind: "remove-directory", path } as const] : []),
    ...planLeave(),
  ];
}

/** An adopted pool stays on the host. */
export function planLeave(): StoragePoolStep[] {
  return [{ kind: "release" }];
}
