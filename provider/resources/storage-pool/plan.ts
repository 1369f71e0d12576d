import { render } from "../../format/xml";
import type { StoragePoolInputs } from "./schema";
import { storagePoolXml } from "./xml";

export type StoragePoolStep =
  | { readonly kind: "define"; readonly xml: string }
  | { readonly kind: "build" }
  | { readonly kind: "autostart"; readonly on: boolean }
  | { readonly kind: "start" };

/** @param isDefined when a create was cut off before */
export function planCreate(inputs: StoragePoolInputs, isDefined: boolean, hasFolder: boolean): StoragePoolStep[] {
  return [
    ...(isDefined ? [] : [{ kind: "define", xml: render(storagePoolXml(inputs)) } as const]),
    ...(hasFolder ? [] : [{ kind: "build" } as const]),
    { kind: "autostart", on: inputs.autostart },
    { kind: "start" },
  ];
}

export function planUpdate(olds: StoragePoolInputs, news: StoragePoolInputs): StoragePoolStep[] {
  return olds.autostart === news.autostart ? [] : [{ kind: "autostart", on: news.autostart }];
}
