import { mebibyte, type Needs } from "../shared/needs";

const source = 'the minimum for ISO installs by "System requirements" in Ubuntu Server\'s documentation';

/** 1.5 GB and 5 GB there, for 24.04. */
export function needs(): Needs {
  return { memory: { bytes: 1430 * mebibyte, source }, disk: { bytes: 4768 * mebibyte, source } };
}
