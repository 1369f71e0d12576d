import type { DomainState, DomainVerbs, Lease, LiveChange } from "../client";
import type { Command, Virsh } from "./call";
import { lines } from "./output";

export function domainVerbs(
  { read, readAll, readIfPresent, call, callWithXml }: Virsh,
  exists: (uuid: string) => Promise<boolean>,
): DomainVerbs {
  return {
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
