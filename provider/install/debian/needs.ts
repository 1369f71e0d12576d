import { mebibyte, type Needs } from "../shared/needs";

/**
 * Its udeb lowmemcheck of Debian 12 and 13 has three limits, here as the memory of a virtual machine. Below 780 MiB the
 * installer works in its low-memory mode. Below 460 MiB, level 2 of that mode, it no longer loads its standard components,
 * such as those for partitioning, unless a user chooses them. Below 350 MiB it shows an error, which no answer skips. Other
 * releases have other limits.
 */
const memory = {
  bytes: 460 * mebibyte,
  source: "with less, its low-memory mode leaves out components for partitioning",
};

/** A base system with a kernel, and the packages from which both are unpacked. */
const disk = { bytes: 512 * mebibyte, source: "the size of the smallest base system with a kernel" };

export function needs(title: string): Needs {
  const release = Number(/^Debian(?: GNU\/Linux)? (\d+)/i.exec(title)?.[1]);
  return release >= 12 ? { memory, disk } : { disk };
}
