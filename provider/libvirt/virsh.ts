import path from "node:path";
import { KvmError } from "../errors";
import type { Files } from "../host/files";
import type { Run, RunOptions } from "../host/run";
import type { DomainState, Entry, Kind, Lease, Libvirt } from "./client";
import { explainVirsh } from "./errors";

export interface Tools {
  readonly run: Run;
  readonly files: Files;
}

/** virsh prefixes its commands by kind; domains have none. */
const prefixes = { domain: "", network: "net-", pool: "pool-" } as const satisfies Record<Kind, string>;

/** What a domain leaves behind goes with it: NVRAM, TPM state, saved state, metadata of snapshots. Disks stay. */
const undefineDomain = ["--managed-save", "--snapshots-metadata", "--checkpoints-metadata", "--nvram", "--tpm"];

/** No name or UUID has it in it. */
const separator = "@@@";
const listAttempts = 20;

const longTaskMs = 30 * 60_000;

/** Libvirt through the virsh program: one process a call, which costs some 15 ms. */
export function openVirsh(uri: string, { run, files }: Tools): Libvirt {
  const virsh = async (args: readonly string[], options: RunOptions = {}): Promise<string> => {
    try {
      const { stdout } = await run("virsh", ["-q", "-c", uri, ...args], options);
      return stdout;
    } catch (failure) {
      throw explainVirsh(failure);
    }
  };

  /** XML goes through a file: as a program argument everybody could read it, and virsh can't open a pipe from Node. */
  const withXml = (xml: string, use: (file: string) => Promise<string>): Promise<string> =>
    files.withTemporaryFolder(async (folder) => {
      const file = path.join(folder, "object.xml");
      await files.write(file, xml);
      return use(file);
    });

  const uuids = async (kind: Kind, ...filter: string[]) => lines(await virsh([listCommand(kind), "--uuid", ...filter]));
  const isActive = async (kind: Kind, uuid: string) => (await uuids(kind)).includes(uuid);
  const exists = async (kind: Kind, uuid: string) => (await uuids(kind, "--all")).includes(uuid);

  const list = async (kind: Kind): Promise<readonly Entry[]> => {
    const listing = `${listCommand(kind)} --all`;
    if (kind === "domain") return lines(await virsh([`${listing} --uuid --name`])).map(parseEntry);
    // Of the others virsh shows names or UUIDs; only when the names are the same afterwards do both belong together.
    const calls = [`${listing} --name`, `${listing} --uuid`, `${listing} --name`];
    for (let attempt = 1; ; attempt += 1) {
      const [before = [], uuids = [], after = []] = (await virsh([calls.join(`; echo ${separator}; `)]))
        .split(separator)
        .map(lines);
      if (before.join("\n") === after.join("\n"))
        return before.map((name, index) => ({ name, uuid: uuids[index] ?? "" }));
      if (attempt === listAttempts)
        throw new KvmError("conflict", `libvirt's list of ${kind}s keeps changing`, { remedy: "Try again" });
    }
  };

  const dump = async (kind: Kind, uuid: string, ...flags: string[]) =>
    (await exists(kind, uuid)) ? virsh([`${prefixes[kind]}dumpxml`, uuid, ...flags]) : undefined;

  /** Does it, and takes a failure for success when afterwards it is as wanted: another program may have been first. */
  const reach = async (args: string[], isReached: () => Promise<boolean>, options?: RunOptions) => {
    if (await isReached()) return;
    try {
      await virsh(args, options);
    } catch (failure) {
      if (!(await isReached())) throw failure;
    }
  };

  const volumes = async (poolUuid: string) =>
    lines(await virsh(["vol-list", poolUuid])).map((line) => line.slice(0, line.indexOf("   ")).trim());

  return {
    list,
    find: async (kind, name) => (await list(kind)).find((entry) => entry.name === name),
    definition: (kind, uuid) => dump(kind, uuid, "--inactive"),
    liveDefinition: (kind, uuid) => dump(kind, uuid),
    isActive,
    hasAutostart: async (kind, uuid) => (await uuids(kind, "--all", "--autostart")).includes(uuid),
    define: async (kind, xml) => {
      await withXml(xml, (file) => virsh([`${prefixes[kind]}define`, file, "--validate"]));
    },
    setAutostart: async (kind, uuid, on) => {
      await virsh([`${prefixes[kind]}autostart`, uuid, ...(on ? [] : ["--disable"])]);
    },
    start: (kind, uuid) => reach([`${prefixes[kind]}start`, uuid], () => isActive(kind, uuid)),
    stop: (kind, uuid) => reach([`${prefixes[kind]}destroy`, uuid], async () => !(await isActive(kind, uuid))),
    undefine: (kind, uuid) =>
      reach(
        [`${prefixes[kind]}undefine`, uuid, ...(kind === "domain" ? undefineDomain : [])],
        async () => !(await exists(kind, uuid)),
      ),

    domainState: async (uuid): Promise<DomainState | undefined> => {
      if (!(await exists("domain", uuid))) return undefined;
      const [, state = "", reason = ""] = /^(.*?) \((.*)\)/.exec(await virsh(["domstate", uuid, "--reason"])) ?? [];
      return { state, reason };
    },
    shutdown: async (uuid) => {
      await virsh(["shutdown", uuid]);
    },

    updateNetwork: async (uuid, command, section, xml) => {
      const scope = (await isActive("network", uuid)) ? ["--live", "--config"] : ["--config"];
      await withXml(xml, (file) => virsh(["net-update", uuid, command, section, file, ...scope]));
    },
    leases: async (uuid) => lines(await virsh(["net-dhcp-leases", uuid])).flatMap(parseLease),

    buildPool: async (uuid) => {
      await virsh(["pool-build", uuid]);
    },
    volumes,
    volume: async (poolUuid, name) => {
      if (!(await volumes(poolUuid)).includes(name)) return undefined;
      return virsh(["vol-dumpxml", name, "--pool", poolUuid]);
    },
    createVolume: async (poolUuid, xml) => {
      await withXml(xml, (file) => virsh(["vol-create", poolUuid, file], { timeoutMs: longTaskMs }));
    },
    resizeVolume: async (poolUuid, name, bytes) => {
      await virsh(["vol-resize", name, `${bytes}B`, "--pool", poolUuid], { timeoutMs: longTaskMs });
    },
    resizeBlock: async (domainUuid, file, bytes) => {
      await virsh(["blockresize", domainUuid, file, `${bytes}B`]);
    },
    deleteVolume: async (poolUuid, name) => {
      await virsh(["vol-delete", name, "--pool", poolUuid], { timeoutMs: longTaskMs });
    },
    capabilities: () => virsh(["capabilities"]),
  };
}

function listCommand(kind: Kind): string {
  return `${prefixes[kind]}list`;
}

function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** A line of a UUID and a name. */
function parseEntry(line: string): Entry {
  const [, uuid = "", name = ""] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
  return { uuid, name };
}

function parseLease(line: string): Lease[] {
  const [, mac, address] = /\s((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\s+ipv4\s+([\d.]+)\//.exec(` ${line}`) ?? [];
  return mac === undefined || address === undefined ? [] : [{ mac, address }];
}
