import type { SecretEntry, StorageVerbs } from "../client";
import type { Virsh } from "./call";
import { lines } from "./output";

const longTask = { timeoutMs: 30 * 60_000 };

export function storageVerbs({ read, readIfPresent, call, callWithXml }: Virsh): StorageVerbs {
  const volumes = async (poolUuid: string) =>
    lines(await read(["vol-list", poolUuid])).map((line) => line.slice(0, line.indexOf("   ")).trim());

  return {
    poolCapabilities: () => read(["pool-capabilities"]),
    secrets: async () => lines(await read(["secret-list"])).map(parseSecret),
    buildPool: async (uuid) => {
      await call(["pool-build", uuid]);
    },
    volumes,
    volume: (poolUuid, name) =>
      readIfPresent(["vol-dumpxml", name, "--pool", poolUuid], async () => (await volumes(poolUuid)).includes(name)),
    createVolume: async (poolUuid, xml, { source, preallocate = false } = {}) => {
      const from = source && ["--vol", source.name, "--inputpool", source.poolUuid];
      const flags = preallocate ? ["--prealloc-metadata"] : [];
      const command = from === undefined ? "vol-create" : "vol-create-from";
      await callWithXml(xml, (file) => [command, poolUuid, file, ...(from ?? []), ...flags], longTask);
    },
    uploadVolume: async (poolUuid, name, file) => {
      await call(["vol-upload", name, file, "--pool", poolUuid, "--sparse"], longTask);
    },
    resizeVolume: async (poolUuid, name, bytes) => {
      await call(["vol-resize", name, `${bytes}B`, "--pool", poolUuid], longTask);
    },
    deleteVolume: async (poolUuid, name) => {
      await call(["vol-delete", name, "--pool", poolUuid], longTask);
    },
  };
}

/** A line of a UUID, a kind and a usage name. */
function parseSecret(line: string): SecretEntry {
  const [, uuid = "", usage = ""] = /^(\S+)\s+\S+\s+(.*)$/.exec(line) ?? [];
  return { uuid, usage };
}
