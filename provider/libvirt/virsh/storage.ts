import type { StorageVerbs } from "../client";
import type { Virsh } from "./call";
import { ifPresent, lines } from "./output";

const longTask = { timeoutMs: 30 * 60_000 };

export function storageVerbs({ read, call, callWithXml }: Virsh): StorageVerbs {
  const volumes = async (poolUuid: string) =>
    lines(await read(["vol-list", poolUuid])).map((line) => line.slice(0, line.indexOf("   ")).trim());

  return {
    buildPool: async (uuid) => {
      await call(["pool-build", uuid]);
    },
    volumes,
    volume: (poolUuid, name) =>
      ifPresent(
        () => read(["vol-dumpxml", name, "--pool", poolUuid]),
        async () => (await volumes(poolUuid)).includes(name),
      ),
    createVolume: async (poolUuid, xml) => {
      await callWithXml(xml, (file) => ["vol-create", poolUuid, file], longTask);
    },
    resizeVolume: async (poolUuid, name, bytes) => {
      await call(["vol-resize", name, `${bytes}B`, "--pool", poolUuid], longTask);
    },
    deleteVolume: async (poolUuid, name) => {
      await call(["vol-delete", name, "--pool", poolUuid], longTask);
    },
  };
}
