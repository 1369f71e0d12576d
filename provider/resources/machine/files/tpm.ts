import type { Host } from "../../../resource/host";

/** libvirt keeps the state of a machine's TPM by the machine's UUID. */
function directoryOf(uuid: string): string {
  return `/var/lib/libvirt/swtpm/${uuid}`;
}

/**
 * A new system starts with an empty TPM, whose state the emulator then creates. libvirt itself removes it only with the
 * machine. Only for a machine that is off.
 */
export async function removeTpmState({ files }: Pick<Host, "files">, uuid: string): Promise<void> {
  for (const version of await files.list(directoryOf(uuid))) {
    const directory = `${directoryOf(uuid)}/${version}`;
    for (const file of await files.list(directory)) await files.remove(`${directory}/${file}`);
    await files.removeEmptyDirectory(directory);
  }
}
