import { childrenOf, type Element, find, parse, textOf } from "../../format/xml";
import { lineOfElement } from "../../format/xml-edit";
import type { Finding, OwnAnswers } from "../family";

/** What AutoYaST would stumble over in a profile of the user's own, which is well-formed. */
export function review({ rendered: { text } }: OwnAnswers): Finding[] {
  const profile = parse(text);
  return [...modeFindings(text, profile), ...partitioningFindings(text, profile)];
}

function modeFindings(text: string, profile: Element): Finding[] {
  const notice = (name: string, message: string): Finding => {
    const line = lineOfElement(text, `profile/general/mode/${name}`);
    return { ...(line === undefined ? {} : { line }), message, isNotice: true };
  };
  const mode = (name: string) => textOf(profile, `general/mode/${name}`)?.trim();
  const findings: Finding[] = [];
  if (mode("confirm") === "true")
    findings.push(
      notice("confirm", "confirm is true; kvm-deploy sets it to false, because YaST would wait for an answer"),
    );
  if (mode("halt") === "false")
    findings.push(
      notice("halt", "halt is false; kvm-deploy sets it to true, so that the machine powers off when YaST has ended"),
    );
  if (mode("second_stage") !== "false")
    findings.push(
      notice(
        "second_stage",
        "the second stage of YaST runs when the new system starts, after its installation is reported as complete; set second_stage to false in general/mode to have none",
      ),
    );
  return findings;
}

const logical: readonly string[] = ["CT_LVM", "CT_MD", "CT_RAID", "CT_BTRFS", "CT_BCACHE", "CT_NFS", "CT_TMPFS"];

function partitioningFindings(text: string, profile: Element): Finding[] {
  const drives = childrenOf(find(profile, "partitioning"), "drive");
  const partitions = drives.flatMap((drive) => childrenOf(find(drive, "partitions"), "partition"));
  const line = lineOfElement(text, "profile/partitioning") ?? 1;
  const findings: Finding[] = [];
  const groups = new Set(partitions.map((partition) => textOf(partition, "lvm_group")?.trim()));
  const arrays = new Set(partitions.map((partition) => spelled(textOf(partition, "raid_name")?.trim() ?? "")));
  for (const drive of drives) {
    const device = textOf(drive, "device")?.trim() ?? "";
    const type = textOf(drive, "type")?.trim();
    const name = device.replace(/^\/dev\//, "");
    if (type === "CT_LVM" && name !== "" && !isKept(drive) && !groups.has(name))
      findings.push({
        line,
        message: `partitioning: no partition belongs to the volume group "${name}"; add <lvm_group>${name}</lvm_group> to one`,
      });
    // Profiles of older releases describe all arrays in one drive, /dev/md.
    if (
      type === "CT_MD" &&
      !["", "/dev/md"].includes(device) &&
      !isKept(drive) &&
      !arrays.has(spelled(device)) &&
      childrenOf(find(drive, "raid_options/device_order")).length === 0
    )
      findings.push({
        line,
        message: `partitioning: no partition belongs to the array ${device}; add <raid_name>${device}</raid_name> to its members`,
      });
  }
  // Without a list of its own, YaST proposes the partitions of a drive.
  const saysAll =
    drives.length > 0 &&
    drives.every(
      (drive) =>
        childrenOf(find(drive, "partitions"), "partition").length > 0 ||
        logical.includes(textOf(drive, "type")?.trim() ?? ""),
    );
  if (saysAll && !partitions.some((partition) => textOf(partition, "mount")?.trim() === "/"))
    findings.push({
      line,
      message: "partitioning: no partition has the mount point of the root; add <mount>/</mount> to one",
    });
  return findings;
}

/** Whether it may exist already. */
function isKept(drive: Element): boolean {
  return textOf(drive, "use")?.trim() === "free" || textOf(drive, "keep_unknown_lv")?.trim() === "true";
}

/** An array's device has two spellings. */
function spelled(device: string): string {
  return device.replace("/dev/md/", "/dev/md");
}
