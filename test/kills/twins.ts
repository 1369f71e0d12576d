import { mkdirSync, writeFileSync } from "node:fs";
import type { Lane } from "./lane";

/** What others have on the host, under names that are alike; and files of theirs beside ours. */
export async function makeTwins({ host, site, embedded }: Lane): Promise<void> {
  const { libvirt } = host;
  const pool = `${site.pools}/kill-pool-2`;
  await libvirt.define("pool", `<pool type="dir"><name>kill-pool-2</name><target><path>${pool}</path></target></pool>`);
  mkdirSync(pool);
  const [found] = (await libvirt.list("pool")).filter(({ name }) => name === "kill-pool-2");
  await libvirt.start("pool", found?.uuid ?? "");
  await libvirt.setAutostart("pool", found?.uuid ?? "", true);
  for (const name of ["kill-vol", "kill-root", "kill-clone"]) await volume("kill-pool-2", name);
  for (const name of ["kill-vol-2", "kill-root-2", "kill-clone-2"]) await volume("default", name);
  await libvirt.define(
    "network",
    '<network><name>kill-net-2</name><bridge name="kd-twin"/><ip address="172.29.202.1" prefix="24"><dhcp><range start="172.29.202.2" end="172.29.202.9"/><host mac="52:54:00:98:00:01" ip="172.29.202.2"/></dhcp></ip></network>',
  );
  const network = await libvirt.find("network", "kill-net-2");
  await libvirt.start("network", network?.uuid ?? "");
  await libvirt.setAutostart("network", network?.uuid ?? "", true);
  await libvirt.define(
    "domain",
    `<domain type="qemu"><name>kill-vm-2</name><memory>65536</memory><os><type>hvm</type></os><devices><disk type="file"><source file="${embedded.images}/kill-root-2"/><target dev="vda"/></disk><interface type="network"><mac address="52:54:00:98:00:01"/><source network="kill-net-2"/></interface></devices></domain>`,
  );
  mkdirSync(host.directories.isos, { recursive: true, mode: 0o711 });
  mkdirSync(host.directories.consoles, { recursive: true, mode: 0o711 });
  writeFileSync(`${host.directories.isos}/kill-iso-2.iso`, "theirs");
  writeFileSync(`${host.directories.consoles}/kill-vm-2.log`, "theirs");

  async function volume(pool: string, name: string): Promise<void> {
    const xml = `<volume><name>${name}</name><capacity unit="KiB">64</capacity></volume>`;
    await libvirt.createVolume(pool, xml);
    const path = pool === "default" ? embedded.images : `${site.pools}/${pool}`;
    await host.files.writeAt(`${path}/${name}`, 0, Buffer.from(`theirs: ${pool}/${name}`));
  }
}
