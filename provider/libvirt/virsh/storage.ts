import { fingerprintScript } from "../../host/files";
import { KvmError } from "../../values/errors";
import type { SecretEntry, StorageVerbs, VolumeNote } from "../client";
import type { CallOptions, Virsh } from "./call";
import { lines } from "./output";

const longTask = { timeoutMs: 30 * 60_000 };

export function storageVerbs(
  { read, readIfPresent, call, callWithXml }: Virsh,
  isActive: (pool: string) => Promise<boolean>,
): StorageVerbs {
  const volumes = async (pool: string) => lines(await read(["vol-list", pool])).map(nameOfRow);
  const look = (pool: string, name: string) =>
    readIfPresent(
      ["vol-dumpxml", name, "--pool", pool],
      async () => (await isActive(pool)) && (await volumes(pool)).includes(name),
    );
  const refresh = (pool: string) => call(["pool-refresh", pool]);
  const volume = async (pool: string, name: string) => {
    try {
      return await look(pool, name);
    } catch {
      await refresh(pool);
      return look(pool, name);
    }
  };

  return {
    poolCapabilities: () => read(["pool-capabilities"]),
    secrets: async () => lines(await read(["secret-list"])).map(parseSecret),
    buildPool: async (uuid) => {
      await call(["pool-build", uuid]);
    },
    volumes,
    volume,
    createVolume: async (pool, xml, { source, preallocate = false, note } = {}) => {
      const from = source && ["--vol", source.name, "--inputpool", source.pool];
      const flags = preallocate ? ["--prealloc-metadata"] : [];
      const command = from === undefined ? "vol-create" : "vol-create-from";
      const options = note === undefined ? longTask : { ...longTask, ...noting(pool, note) };
      await callWithXml(xml, (file) => [command, pool, file, ...(from ?? []), ...flags], options);
    },
    uploadVolume: async (pool, name, file) => {
      await call(["vol-upload", name, file, "--pool", pool, "--sparse"], longTask);
    },
    resizeVolume: async (pool, name, bytes) => {
      await call(["vol-resize", name, `${bytes}B`, "--pool", pool], longTask);
    },
    refreshPool: async (pool) => {
      await refresh(pool).catch((failure: unknown) => {
        if (!(failure instanceof KvmError) || failure.code !== "conflict") throw failure;
      });
    },
    deleteVolume: async (pool, name) => {
      try {
        await call(["vol-delete", name, "--pool", pool], longTask);
      } catch (failure) {
        // It may have been gone, or another program was first.
        if ((await volume(pool, name)) !== undefined) throw failure;
      }
    },
  };
}

/** Complete or not at all: a file that is cut off would prove nothing. Who comes meanwhile waits for the lock. */
const noteScript = `
  exec 9> "$BUSY" && flock 9 && "$@" || exit
  if [ -f "$IMAGE" ]; then ${fingerprintScript} -- "$IMAGE"
  else virsh -q -c "$VIRSH_URI" vol-key "$VOLUME" --pool "$POOL" | sed 's/^/key /'
  fi > "$RECORD.part" && [ -s "$RECORD.part" ] && mv -- "$RECORD.part" "$RECORD" && rm -f -- "$BUSY"`;

function noting(pool: string, { name, path, record, busy }: VolumeNote): CallOptions {
  return {
    script: noteScript,
    env: { POOL: pool, VOLUME: name, IMAGE: path, RECORD: record, BUSY: busy },
  };
}

/**
 * A row has a name and a path, parted by blanks, which either may have in it, too. The path ends with the name where both are
 * files or devices of one folder.
 */
function nameOfRow(row: string): string {
  const cuts = [...row.matchAll(/ {2,}(?=\S)/g)].map(({ index, 0: { length } }) => ({
    name: row.slice(0, index),
    path: row.slice(index + length),
  }));
  return (cuts.find(({ name, path }) => path.endsWith(`/${name}`)) ?? cuts[0])?.name ?? row;
}

/** A line of a UUID, a kind and a usage name. */
function parseSecret(line: string): SecretEntry {
  const [, uuid = "", usage = ""] = /^(\S+)\s+\S+\s+(.*)$/.exec(line) ?? [];
  return { uuid, usage };
}
