import { mkdir } from "node:fs/promises";
import path from "node:path";
import { openHost } from "../../provider/engine/open-host";
import { run } from "../../provider/host/run";

/** What an administrator types into a shell: the same calls, one process each, the slow ones side by side. */
export interface ByHand {
  create(): Promise<void>;
  /** Looks at every machine and volume. */
  refresh(): Promise<void>;
  destroy(): Promise<void>;
}

/** @param names of machines that exist now, each with a volume of its name: they are made by hand as they are */
export async function byHand(uri: string, names: readonly string[], folder: string): Promise<ByHand> {
  const definitions = path.join(folder, "definitions");
  const sh = async (script: string) => {
    const env = { LIBVIRT_DEFAULT_URI: uri, NAMES: names.join(" "), CONSOLES: openHost(uri).directories.consoles };
    await run("sh", ["-ec", script], { cwd: definitions, env, timeoutMs: 30 * 60_000 });
  };
  await mkdir(definitions);
  await sh(save);
  return { create: () => sh(create), refresh: () => sh(refresh), destroy: () => sh(destroy) };
}

const each = (commands: string) => `for name in $NAMES; do ${commands}; done >/dev/null`;
/** As many at a time as Pulumi has by default on two cores. */
const sideBySide = (commands: string) =>
  `printf '%s\\n' $NAMES | xargs -P 8 -I '{}' sh -ec 'name={}; ${commands}' >/dev/null`;

const save = `for name in $NAMES; do
  virsh dumpxml --inactive $name >$name.xml
  virsh vol-dumpxml $name --pool default >$name.volume.xml
done`;
const create = [
  'mkdir -p "$CONSOLES"',
  each("virsh vol-create default $name.volume.xml; virsh define $name.xml --validate; virsh autostart $name"),
  sideBySide("virsh start $name"),
].join("\n");
const refresh = each("virsh dumpxml $name; virsh vol-dumpxml $name --pool default");
const destroy = [
  sideBySide("virsh shutdown $name; sleep 1; virsh destroy $name"),
  each("virsh undefine $name --managed-save --snapshots-metadata --nvram; virsh vol-delete $name --pool default"),
].join("\n");
