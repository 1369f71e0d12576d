import { parse } from "../../format/xml";
import type { Libvirt } from "../../libvirt/client";
import { poolDirectory } from "../../libvirt/storage";
import { runningThat, usesFilesBelow } from "../../libvirt/users";
import type { Host } from "../../resource/host";
import type { StoragePoolInputs } from "./schema";

/** Facts that are not in the definition. */
export async function powerOf(
  libvirt: Libvirt,
  uuid: string,
): Promise<Pick<StoragePoolInputs, "running" | "autostart">> {
  const [running, autostart] = await Promise.all([libvirt.isActive("pool", uuid), libvirt.hasAutostart("pool", uuid)]);
  return { running, autostart };
}

export async function directoriesOfPools(
  libvirt: Libvirt,
): Promise<{ readonly name: string; readonly directory: string }[]> {
  const pools = (await libvirt.list("pool")).map(async ({ name, uuid }) => {
    const directory = await directoryOf(libvirt, uuid);
    return directory === undefined ? [] : [{ name, directory }];
  });
  return (await Promise.all(pools)).flat();
}

async function directoryOf(libvirt: Libvirt, uuid: string): Promise<string | undefined> {
  const xml = await libvirt.definition("pool", uuid);
  return xml === undefined ? undefined : poolDirectory.read(parse(xml));
}

/**
 * The volumes that prevent its removal. Volumes that existed before the pool don't prevent it: they stay.
 * @param madeStorage whether everything in the pool was added after its creation
 */
export async function volumesIn({ libvirt, ledger }: Host, uuid: string, name: string, madeStorage: boolean) {
  // The volumes of an inactive pool are known only from the ledger.
  if (madeStorage && (await libvirt.isActive("pool", uuid))) return libvirt.volumes(name);
  const prefix = `${name}/`;
  const volumes = await ledger.names("volume");
  return volumes.filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length));
}

/** The running machines with disks in its directory. */
export async function guestsOf({ libvirt }: Host, uuid: string): Promise<string[]> {
  const directory = await directoryOf(libvirt, uuid);
  const uses = directory === undefined ? [] : await runningThat(libvirt, usesFilesBelow(directory));
  return uses.map(({ name }) => name);
}
