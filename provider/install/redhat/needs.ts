import { gibibyte, type Needs } from "../shared/needs";

/** Anaconda's own limit, 320 MiB, is for a system without the installer's image in memory: no release starts with it. */
const fedora = { bytes: 2 * gibibyte, source: "the minimum by Fedora's documentation" };
const enterprise = {
  bytes: 1.5 * gibibyte,
  source: "the minimum for an installation from local media by Red Hat's documentation",
};

const disk = {
  bytes: 2 * gibibyte,
  source: "the sum of what Anaconda's automatic partitioning gives /boot and / at least",
};

export function needs(title: string): Needs {
  return { memory: /^fedora\b/i.test(title) ? fedora : enterprise, disk };
}
