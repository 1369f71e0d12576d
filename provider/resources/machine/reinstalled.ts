import { definitionNamed } from "../../libvirt/look-up";
import { isOwn, readMark } from "../../libvirt/mark";
import type { Context, Failure } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { KvmError } from "../../values/errors";
import { isReinstallDue } from "./definition/reinstallation";
import { anyContent } from "./files/signatures";
import { contentOf } from "./files/content";
import { disksAtRisk, imageIfThere } from "./files/images";
import { nextInstallation } from "./guest/installer";
import { inspectInstallation } from "./inspect";
import { persistentDefinition } from "./live/definitions";
import type { MachineDisk, MachineInputs } from "./schema/machine";

/** At preview: what prevents a requested reinstallation. */
export async function reinstallFailures(
  olds: MachineInputs,
  news: MachineInputs,
  { host: at, identity }: Context,
): Promise<Failure[]> {
  if (news.reinstall === undefined || news.reinstall === olds.reinstall) return [];
  const host = at(news.connection);
  const existing = await definitionNamed(host.libvirt, "domain", olds.name);
  if (existing === undefined || !isOwn(existing.root, identity)) return [];
  if (!isReinstallDue(news, olds.reinstall, readMark(existing.root))) return [];
  try {
    await inspectInstallation(host, news, existing.uuid, olds.disks);
    return [];
  } catch (error) {
    if (!(error instanceof KvmError)) throw error;
    return [{ property: error.property ?? "reinstall", reason: error.reason }];
  }
}

/** Whether the machine is installed again by these inputs, as its mark on the host decides. */
export async function isReinstalledBy(
  host: Host,
  uuid: string,
  inputs: Pick<MachineInputs, "installer" | "reinstall">,
  last: string | undefined,
): Promise<boolean> {
  if (inputs.reinstall === undefined || inputs.reinstall === last) return false;
  const definition = await persistentDefinition(host, uuid);
  return definition !== undefined && isReinstallDue(inputs, last, readMark(definition));
}

/** If a disk or the installer is unknown at preview. */
export const laterKnownFates = "erases disks that are known when it is applied";

/** What a reinstallation does with each disk, such as `erases disks[0] (pool/root: a GPT …); disks[1] (…) stays`. */
export async function fatesOfDisks(host: Host, { disks, installer = "" }: MachineInputs): Promise<string> {
  const atRisk = disksAtRisk(disks, (await nextInstallation(host, installer))?.disk);
  const erased = await Promise.all(
    atRisk.map(async (index) => {
      const disk = disks[index];
      return disk === undefined ? "" : `disks[${index}] (${nameOf(disk)}: ${await contentAt(host, disk, index)})`;
    }),
  );
  const kept = [...disks.entries()].filter(([index]) => !atRisk.includes(index));
  const stays = kept.map(([index, disk]) => `disks[${index}] (${nameOf(disk)})`);
  const rest = stays.length === 0 ? "" : `; ${stays.join(", ")} ${stays.length === 1 ? "stays" : "stay"}`;
  return `erases ${erased.join(", ")}${rest}`;
}

async function contentAt(host: Host, disk: MachineDisk, index: number): Promise<string> {
  const image = await imageIfThere(host, disk, `disks[${index}]`);
  const content = image === undefined ? undefined : await contentOf(host, image);
  if (content === undefined) return "empty";
  return content === anyContent ? "content of an unknown kind" : content;
}

function nameOf({ volume, file = "" }: MachineDisk): string {
  return volume ?? file;
}
