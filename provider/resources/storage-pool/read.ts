import { type Element, textOf } from "../../format/xml";
import type { StoragePoolInputs } from "./schema";

/** The inputs as libvirt has them now. */
export function readStoragePool(pool: Element, inputs: StoragePoolInputs, autostart: boolean): StoragePoolInputs {
  return {
    connection: inputs.connection,
    name: textOf(pool, "name") ?? inputs.name,
    path: textOf(pool, "target/path") ?? inputs.path,
    autostart,
  };
}
