import { rmSync } from "node:fs";
import path from "node:path";
import { openHost } from "../../provider/engine/open-host";
import type { Host } from "../../provider/resource/host";
import { type EmbeddedOptions, startEmbedded, TEST_STATE_DIR } from "../../tools/embedded/index";
import { createStack, type TestStack } from "../pulumi/support";

/** A libvirtd of its own, with as many stacks as are asked for. */
export interface SoakSite {
  readonly host: Host;
  readonly stacks: readonly TestStack[];
  /** Put before a command's arguments, runs it in the network that the guests are in. */
  readonly enter: readonly string[];
  /** What is there of machines, networks, pools, volumes and kvm-deploy's own files; without what differs each time. */
  listing(): Promise<readonly string[]>;
}

export async function withSite<T>(
  name: string,
  stacks: number,
  work: (site: SoakSite) => Promise<T>,
  options: Pick<EmbeddedOptions, "serve" | "log"> = {},
): Promise<T> {
  const embedded = await startEmbedded({ ...options, stateDir: `${TEST_STATE_DIR}-${name}`, lifetime: "process" });
  const host = openHost(embedded.uri);
  const own = path.dirname(host.directories.ledger);
  rmSync(own, { recursive: true, force: true });
  const made: TestStack[] = [];
  try {
    while (made.length < stacks) made.push(await createStack({ connection: embedded.uri, enter: embedded.enter }));
    return await work({ host, stacks: made, enter: embedded.enter, listing: () => listing(host) });
  } finally {
    for (const stack of made) await stack.remove();
    await embedded.stop();
    rmSync(own, { recursive: true, force: true });
  }
}

async function listing({ libvirt, ledger, directories, files }: Host): Promise<string[]> {
  const kinds = ["domain", "network", "pool"] as const;
  const objects = await Promise.all(
    kinds.map(async (kind) =>
      (await libvirt.list(kind)).map(({ name, isActive }) => `${kind} ${name} ${isActive ? "active" : "inactive"}`),
    ),
  );
  const hosts = await Promise.all(
    (await libvirt.list("network")).map(async ({ name, uuid }) =>
      [...((await libvirt.definition("network", uuid)) ?? "").matchAll(/<host mac=.* ip='([^']+)'/g)].map(
        ([, ip]) => `network ${name} gives ${ip ?? ""}`,
      ),
    ),
  );
  const volumes = (await libvirt.volumes("default")).map((name) => `volume ${name}`);
  const notes = await Promise.all(
    (["volume", "pool"] as const).map(async (kind) =>
      (await ledger.names(kind)).map((name) => `ledger: ${kind} ${name}`),
    ),
  );
  const begun = (await ledger.allBegun()).map(({ owner }) => `begun: ${owner}`);
  const logs = (await files.list(directories.consoles)).map((name) => `log ${name}`);
  return [objects, hosts, volumes, notes, begun, logs].flat(3).sort();
}
