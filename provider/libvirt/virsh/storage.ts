import type { SecretEntry, StorageVerbs } from "../client";
import type { Virsh } from "./call";
import { lines } from "./output";

const longTask = { timeoutMs: 30 * 60_000 };

export function storageVerbs(
  { read, readIfPresent, call, callWithXml }: Virsh,
  isActive: (pool: string) => Promise<boolean>,
): StorageVerbs {
  const volumes = async (pool: string) =>
    lines(await read(["vol-list", pool])).map((line) => line.slice(0, line.indexOf("   ")).trim());

  return {
    poolCapabilities: () => read(["pool-capabilities"]),
    secrets: async () => lines(await read(["secret-list"])).map(parseSecret),
    buildPool: async (uuid) => {
      await call(["pool-build", uuid]);
    },
    volumes,
    volume: (pool, name) =>
      readIfPresent(
        ["vol-dumpxml", name, "--pool", pool],
        async () => (await isActive(pool)) && (await volumes(pool)).includes(name),
      ),
    createVolume: async (pool, xml, { source, preallocate = false } = {}) => {
      const from = source && ["--vol", source.name, "--inputpool", source.pool];
      const flags = preallocate ? ["--prealloc-metadata"] : [];
      const command = from === undefined ? "vol-create" : "vol-create-from";
      await callWithXml(xml, (file) => [command, pool, file, ...(from ?? []), ...flags], longTask);
    },
    uploadVolume: async (pool, name, file) => {
      await call(["vol-upload", name, file, "--pool", pool, "--sparse"], longTask);
    },
    resizeVolume: async (pool, name, bytes) => {
      await call(["vol-resize", name, `${bytes}B`, "--pool", pool], longTask);
    },
    deleteVolume: async (pool, name) => {
      await call(["vol-delete", name, "--pool", pool], longTask);
    },
  };
}

/** A line of a UUID, a kind and a usage name. */
function parseSecret(line: string): SecretEntry {
  const [, uuid = "", usage = ""] = /^(\S+)\s+\S+\s+(.*)$/.exec(line) ?? [];
  return { uuid, usage };
}
