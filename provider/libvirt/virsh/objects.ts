import { KvmError } from "../../values/errors";
import type { Entry, Kind, ObjectVerbs } from "../client";
import type { Virsh } from "./call";
import { lines } from "./output";

/** virsh prefixes its commands by kind; domains have none. */
const prefixes = { domain: "", network: "net-", pool: "pool-" } as const satisfies Record<Kind, string>;

/** What a domain leaves behind goes with it: TPM state, saved state, metadata of snapshots. Disks stay. */
const undefineDomain = ["--managed-save", "--snapshots-metadata", "--checkpoints-metadata", "--tpm"];

const listAttempts = 20;

/**
 * How everything is changed: a failure is success when all is as wanted afterwards, since it was before, or since another
 * program or the guest itself was first. What that is, is looked at after the failure and never told by its text.
 */
export async function reach(change: () => Promise<unknown>, isReached: () => Promise<boolean>): Promise<void> {
  try {
    await change();
  } catch (failure) {
    if (!(await isReached().catch(() => false))) throw failure;
  }
}

export function objectVerbs({ read, readAll, readIfPresent, call, callWithXml }: Virsh): ObjectVerbs {
  const list = async (kind: Kind): Promise<readonly Entry[]> => {
    const active = [`${prefixes[kind]}list`, "--uuid"];
    if (kind === "domain") return domainEntries(await readAll([...active, "--name", "--all"], active));
    const names = [`${prefixes[kind]}list`, "--all", "--name"];
    for (let attempt = 1; attempt <= listAttempts; attempt += 1) {
      const entries = entriesOf(await readAll(names, [...active, "--all"], names, active));
      if (entries !== undefined) return entries;
    }
    throw new KvmError("conflict", `libvirt's list of ${kind}s keeps changing`, { remedy: "Try again" });
  };

  const uuids = async (kind: Kind, ...filter: string[]) =>
    lines(await read([`${prefixes[kind]}list`, "--uuid", ...filter]));
  const isActive = async (kind: Kind, uuid: string) => (await uuids(kind)).includes(uuid);
  const exists = async (kind: Kind, uuid: string) => (await uuids(kind, "--all")).includes(uuid);

  const hasAutostart = async (kind: Kind, uuid: string) => (await uuids(kind, "--all", "--autostart")).includes(uuid);

  const dump = (kind: Kind, uuid: string, ...flags: string[]) =>
    readIfPresent([`${prefixes[kind]}dumpxml`, uuid, ...flags, ...(kind === "domain" ? ["--security-info"] : [])], () =>
      exists(kind, uuid),
    );

  return {
    list,
    find: async (kind, name) => (await list(kind)).find((entry) => entry.name === name),
    exists,
    definition: (kind, uuid) => dump(kind, uuid, "--inactive"),
    liveDefinition: (kind, uuid) => dump(kind, uuid),
    isActive,
    hasAutostart,
    define: async (kind, xml) => {
      await callWithXml(xml, (file) => [`${prefixes[kind]}define`, file, "--validate"]);
    },
    setAutostart: (kind, uuid, on) =>
      reach(
        () => call([`${prefixes[kind]}autostart`, uuid, ...(on ? [] : ["--disable"])]),
        async () => (await hasAutostart(kind, uuid)) === on,
      ),
    start: (kind, uuid, { freshNvram = false, boots = false } = {}) =>
      reach(
        () =>
          call([
            `${prefixes[kind]}start`,
            uuid,
            ...(freshNvram ? ["--reset-nvram"] : []),
            ...(boots ? ["--force-boot"] : []),
          ]),
        () => isActive(kind, uuid),
      ),
    stop: (kind, uuid) =>
      reach(
        () => call([`${prefixes[kind]}destroy`, uuid]),
        async () => !(await isActive(kind, uuid)),
      ),
    undefine: (kind, uuid, { keepNvram = false } = {}) => {
      const leftOvers = [...undefineDomain, keepNvram ? "--keep-nvram" : "--nvram"];
      return reach(
        () => call([`${prefixes[kind]}undefine`, uuid, ...(kind === "domain" ? leftOvers : [])]),
        async () => !(await exists(kind, uuid)),
      );
    },
  };
}

/** Each line has a UUID and a name. */
function domainEntries([all = "", active = ""]: readonly string[]): Entry[] {
  const running = lines(active);
  return lines(all).map((line) => {
    const [, uuid = "", name = ""] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    return { uuid, name, isActive: running.includes(uuid) };
  });
}

/** Of networks virsh shows names or UUIDs; only when the names are the same afterwards do both belong together. */
function entriesOf([before = "", uuids = "", after = "", active = ""]: readonly string[]): Entry[] | undefined {
  if (before !== after) return undefined;
  const [inOrder, running] = [lines(uuids), lines(active)];
  return lines(before).map((name, index) => {
    const uuid = inOrder[index] ?? "";
    return { name, uuid, isActive: running.includes(uuid) };
  });
}
