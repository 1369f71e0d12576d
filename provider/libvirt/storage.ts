import { at } from "../format/place";

/** What is read of a pool's definition, also by others than the pool's own resource. */
export const poolType = at("@type");
export const poolDirectory = at("target/path");

/** The same of a volume's. */
export const volumeType = at("@type");
export const volumePath = at("target/path");
export const volumeFormat = at("target/format/@type");
export const volumeBase = at("backingStore/path");
export const volumeKey = at("key");
