import path from "node:path";
import { find, parse, textOf } from "../../format/xml";
import { canRunKvm } from "../../libvirt/capabilities";
import type { Host } from "../../resource/host";
import { messageOf } from "../../values/errors";
import { parseRemote } from "../../values/remote-connection";
import type { World } from "../command";
import type { Facts } from "./checks";

const programs = [
  ["virsh", "libvirt-clients"],
  ["qemu-img", "qemu-utils"],
  ["ssh", "openssh-client"],
  ["ssh-keyscan", "openssh-client"],
  ["flock", "util-linux"],
  ["cp", "coreutils"],
] as const;

/** Reads the facts of a host; nothing is changed. */
export async function factsOf(connection: string, world: World): Promise<Facts> {
  const host = world.host(connection);
  const refusal = await host.libvirt.list("domain").then(
    () => undefined,
    (error: unknown) => messageOf(error),
  );
  const isReached = refusal === undefined;
  // virsh runs on the host.
  const uri = parseRemote(connection) === undefined ? connection : "qemu:///system";
  const virsh = (...args: string[]) => (isReached ? said(host, "virsh", ["-c", uri, ...args]) : undefined);
  const images = isReached ? await poolOf(host) : undefined;
  return {
    connection,
    refusal,
    versions: await virsh("version", "--daemon"),
    canRunKvm: isReached ? await runsKvm(host) : undefined,
    domainCapabilities: await virsh("domcapabilities"),
    xorriso: await said(host, "xorriso", ["-version"]),
    missing: programs.filter(([program]) => world.surroundings.onPath(program) === undefined),
    pool: images?.state,
    network: isReached ? stateOf(await host.libvirt.find("network", "default")) : undefined,
    space: await spaceOf(host, images?.directory),
    pulumi: world.surroundings.onPath("pulumi") ?? (await world.files.list(world.surroundings.pulumiCommands)).at(-1),
  };
}

async function said({ run }: Host, program: string, args: readonly string[]): Promise<string | undefined> {
  return run(program, args).then(
    ({ stdout, stderr }) => stdout + stderr,
    () => undefined,
  );
}

async function runsKvm({ libvirt, files }: Host): Promise<boolean> {
  return canRunKvm(await libvirt.capabilities(), (await files.readTextIfPresent("/proc/cpuinfo")) ?? "");
}

function stateOf(entry: { readonly isActive: boolean } | undefined): "active" | "inactive" | "missing" {
  if (entry === undefined) return "missing";
  return entry.isActive ? "active" : "inactive";
}

async function poolOf({ libvirt }: Host) {
  const entry = await libvirt.find("pool", "default");
  const xml = entry && (await libvirt.definition("pool", entry.uuid));
  return {
    state: stateOf(entry),
    directory: xml === undefined ? undefined : textOf(find(parse(xml), "target"), "path"),
  };
}

async function spaceOf({ files, directories }: Host, images: string | undefined): Promise<Facts["space"]> {
  const places = [
    ...(images === undefined ? [] : [[images, "images"] as const]),
    [directories.downloads, "downloads"] as const,
    [directories.isos, "installers"] as const,
  ];
  return Promise.all(
    places.map(async ([directory, what]) => {
      const bytes = await files.freeSpace(await existing(directory, files)).catch(() => undefined);
      return [directory, what, bytes] as const;
    }),
  );
}

/** The directory itself, or the one that it will be made in. */
async function existing(directory: string, files: Host["files"]): Promise<string> {
  if (directory === "/" || (await files.stat(directory)) !== undefined) return directory;
  return existing(path.dirname(directory), files);
}
