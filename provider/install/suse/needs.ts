import { gibibyte, type Needs } from "../shared/needs";

const memory = {
  bytes: gibibyte,
  source: "the minimum for a minimal installation by SUSE's deployment guide of release 15",
};

export function needs(title: string): Needs {
  const bytes = /\bleap\b/i.test(title) ? 3 * gibibyte : gibibyte;
  return { memory, disk: { bytes, source: "the minimum in the database of libosinfo" } };
}
