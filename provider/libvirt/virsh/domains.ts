import type { DomainCounters, DomainState, DomainVerbs, KeptState, Lease, LiveChange, ObjectVerbs } from "../client";
import type { Command, Virsh } from "./call";
import { reach } from "./objects";
import { lines } from "./output";

export function domainVerbs(
  { read, readAll, readIfPresent, call, callForFile, callWithXml }: Virsh,
  { exists, isActive, liveDefinition }: Pick<ObjectVerbs, "exists" | "isActive" | "liveDefinition">,
): DomainVerbs {
  /** Undefined if the domain is off or does not exist. */
  const inForce = async (uuid: string) => {
    const xml = await liveDefinition("domain", uuid);
    // Only a running domain has an id.
    return xml !== undefined && /<domain\b[^>]*\sid=/.test(xml) ? xml : undefined;
  };
  const isListed = async (uuid: string, filter: string) =>
    lines(await read(["list", "--uuid", "--all", filter])).includes(uuid);

  return {
    isPersistent: (uuid) => isListed(uuid, "--persistent"),
    keptStates: async (uuid) => {
      const found = await Promise.all(keptFilters.map(async ([filter]) => isListed(uuid, filter)));
      return keptFilters.flatMap(([, state], index) => (found[index] === true ? [state] : []));
    },
    rename: (uuid, name) =>
      reach(
        () => call(["domrename", uuid, name]),
        async () => {
          const entries = lines(await read(["list", "--uuid", "--name", "--all"]));
          return entries.some((line) => line.startsWith(uuid) && line.slice(uuid.length).trim() === name);
        },
      ),
    domainState: async (uuid) => {
      const text = await readIfPresent(["domstate", uuid, "--reason"], () => exists("domain", uuid));
      return text === undefined ? undefined : parseState(text);
    },
    counters: async (uuid) => {
      // Without waiting: another job of the domain, such as a copy of its disk, may take long.
      const command = ["domstats", "--block", "--interface", "--nowait", uuid];
      return parseCounters((await readIfPresent(command, () => exists("domain", uuid))) ?? "");
    },
    screenshot: (uuid) => callForFile((file) => ["screenshot", uuid, file]),
    shutdown: (uuid) =>
      reach(
        () => call(["shutdown", uuid]),
        async () => !(await isActive("domain", uuid)),
      ),
    resizeBlock: (uuid, file, bytes) =>
      reach(
        () => call(["blockresize", uuid, file, `${bytes}B`]),
        async () => Number(/Capacity:\s*(\d+)/.exec(await read(["domblkinfo", uuid, file]))?.[1]) === bytes,
      ),
    changeLive: (uuid, change, isReached = () => false) =>
      reach(
        () =>
          "xml" in change && change.kind !== "metadata"
            ? callWithXml(change.xml, (file) => [change.kind, uuid, file, "--live"])
            : call([...liveCommand(uuid, change), "--live"]),
        async () => {
          const live = await inForce(uuid);
          return live === undefined || isReached(live);
        },
      ),
    keptDefinitions: async () => {
      const [saved = "", snapped = ""] = await readAll(
        ["list", "--all", "--with-managed-save", "--uuid"],
        ["list", "--all", "--with-snapshot", "--uuid"],
      );
      const [states, snapshots] = [lines(saved), lines(snapped)];
      const keptOf = async (uuid: string) => {
        const names = snapshots.includes(uuid) ? lines(await read(["snapshot-list", uuid, "--name"])) : [];
        const reads = names.map((name) => read(["snapshot-dumpxml", uuid, name]));
        if (states.includes(uuid)) reads.push(read(["managedsave-dumpxml", uuid]));
        return [uuid, await Promise.all(reads)] as const;
      };
      return new Map(await Promise.all([...new Set([...states, ...snapshots])].map(keptOf)));
    },
    agentAddresses: async (uuid) =>
      lines(await call(["domifaddr", uuid, "--full", "--source", "agent"], { timeoutMs: agentMs })).flatMap(
        parseAddress,
      ),
  };
}

const keptFilters = [
  ["--with-managed-save", "a saved state"],
  ["--with-snapshot", "snapshots"],
  ["--with-checkpoint", "checkpoints"],
] as const satisfies readonly (readonly [string, KeptState])[];

/** A guest agent that doesn't answer must not delay a refresh. */
const agentMs = 2_000;

function liveCommand(uuid: string, change: Exclude<LiveChange, { kind: `${string}-device` }>): Command {
  switch (change.kind) {
    case "vcpus":
      return ["setvcpus", uuid, String(change.count)];
    case "memory":
      return ["setmem", uuid, String(change.kibibytes)];
    case "title":
      return ["desc", uuid, "--title", "--new-desc", change.text];
    case "description":
      return ["desc", uuid, "--new-desc", change.text];
    case "metadata": {
      const value = change.xml === undefined ? ["--remove"] : ["--key", change.prefix, "--set", change.xml];
      return ["metadata", uuid, change.namespace, ...value];
    }
  }
}

/** ` vnet0  52:54:00:00:00:01  ipv4  10.0.0.9/24` */
function parseAddress(line: string): Lease[] {
  const [, mac, address] = /\s((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\s+ipv[46]\s+([0-9a-f.:]+)/.exec(line) ?? [];
  return mac === undefined || address === undefined ? [] : [{ mac, address }];
}

/** `  block.0.wr.bytes=4096` */
function parseCounters(text: string): DomainCounters {
  const found = text.matchAll(/^ +((?:block|net)\.\d+\.(?:rd|wr|rx|tx)\.bytes)=(\d+)$/gm);
  return new Map([...found].map(([, name = "", value]) => [name, Number(value)]));
}

function parseState(text: string): DomainState {
  const [, state = "", reason = ""] = /^(.*?) \((.*)\)/.exec(text) ?? [];
  return { state, reason };
}
