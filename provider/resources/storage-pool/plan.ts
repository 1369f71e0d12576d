import { hasFolder, typeOf } from "./rules";
import type { StoragePoolInputs } from "./schema";

/** What is done with a pool that is defined. */
export type StoragePoolStep =
  | { readonly kind: "build" }
  | { readonly kind: "autostart"; readonly on: boolean }
  | { readonly kind: "start" }
  | { readonly kind: "stop" };

/** Each step may have been done before, by a create that was cut off. */
export function planCreate(inputs: StoragePoolInputs, folderExists: boolean): StoragePoolStep[] {
  return [
    // Of the kinds with a folder libvirt makes the folder; the others exist already, and building would make them anew.
    ...(hasFolder(typeOf(inputs)) && !folderExists ? [{ kind: "build" } as const] : []),
    { kind: "autostart", on: inputs.autostart },
    ...powerSteps(inputs),
  ];
}

/** Starting one that is active, or stopping one that isn't, is nothing: an update that was cut off is done again. */
export function planUpdate(news: StoragePoolInputs): StoragePoolStep[] {
  return [{ kind: "autostart", on: news.autostart }, ...powerSteps(news)];
}

function powerSteps({ running }: StoragePoolInputs): StoragePoolStep[] {
  return [running ? { kind: "start" } : { kind: "stop" }];
}
