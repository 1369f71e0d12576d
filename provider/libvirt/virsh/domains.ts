import type { DomainState, DomainVerbs, KeptState, Lease, LiveChange } from "../client";
import type { Command, Virsh } from "./call";
import { lines } from "./output";

export function domainVerbs(
  { read, readIfPresent, call, callWithXml }: Virsh,
  exists: (uuid: string) => Promise<boolean>,
): DomainVerbs {
  const isListed = async (uuid: string, filter: string) =>
    lines(await read(["list", "--uuid", "--all", filter])).includes(uuid);

  return {
    isPersistent: (uuid) => isListed(uuid, "--persistent"),
    keptStates: async (uuid) => {
      const found = await Promise.all(keptFilters.map(async ([filter]) => isListed(uuid, filter)));
      return keptFilters.flatMap(([, state], index) => (found[index] === true ? [state] : []));
    },
    rename: async (uuid, name) => {
      try {
        await call(["domrename", uuid, name]);
      } catch (failure) {
        const entries = lines(await read(["list", "--uuid", "--name", "--all"]));
        if (!entries.some((line) => line.startsWith(uuid) && line.slice(uuid.length).trim() === name)) throw failure;
      }
    },
    domainState: async (uuid) => {
      const text = await readIfPresent(["domstate", uuid, "--reason"], () => exists(uuid));
      return text === undefined ? undefined : parseState(text);
    },
    shutdown: async (uuid) => {
      await call(["shutdown", uuid]);
    },
    resizeBlock: async (uuid, file, bytes) => {
      await call(["blockresize", uuid, file, `${bytes}B`]);
    },
    changeLive: async (uuid, change) => {
      if ("xml" in change && change.kind !== "metadata")
        await callWithXml(change.xml, (file) => [change.kind, uuid, file, "--live"]);
      else await call([...liveCommand(uuid, change), "--live"]);
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

/** A guest agent that doesn't answer must not hold up a refresh. */
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

function parseState(text: string): DomainState {
  const [, state = "", reason = ""] = /^(.*?) \((.*)\)/.exec(text) ?? [];
  return { state, reason };
}
