import { hasFolder, typeOf } from "./rules";
import type { StoragePoolInputs } from "./schema";

/** What is done with a pool that is defined. */
export type StoragePoolStep =
  { readonly kind: "build" } | { readonly kind: "autostart"; readonly on: boolean } | { readonly kind: "start" };

/** Each step may have been done before, by a create that was cut off. */
export function planCreate(inputs: StoragePoolInputs, folderExists: boolean): StoragePoolStep[] {
  return [
    // Of the kinds with a folder libvirt makes the folder; the others exist already, and building would make them anew.
    ...(hasFolder(typeOf(inputs)) && !folderExists ? [{ kind: "build" } as const] : []),
    { kind: "autostart", on: inputs.autostart },
    { kind: "start" },
  ];
}

export function planUpdate(olds: StoragePoolInputs, news: StoragePoolInputs): StoragePoolStep[] {
  return olds.autostart === news.autostart ? [] : [{ kind: "autostart", on: news.autostart }];
}
