import { gibibyte, type Needs } from "../shared/needs";

/** No figure of its own is published. A live system that contains all that YaST was needs no less than YaST. */
const least = "that of its predecessor, YaST, in release 15, by ";

export function needs(): Needs {
  return {
    memory: { bytes: gibibyte, source: `${least}SUSE's deployment guide` },
    disk: { bytes: gibibyte, source: `${least}the database of libosinfo` },
  };
}
