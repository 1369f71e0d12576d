import { access, constants } from "node:fs/promises";
import { join } from "node:path";

const PACKAGE_OF = {
  libvirtd: "libvirt-daemon-system",
  virsh: "libvirt-clients",
  "qemu-system-x86_64": "qemu-system-x86",
  "qemu-img": "qemu-utils",
  dnsmasq: "dnsmasq-base",
  iptables: "iptables",
  ip: "iproute2",
  unshare: "util-linux",
  nsenter: "util-linux",
  flock: "util-linux",
};

/** A login without the administrator's folders on its path (su without "-") finds them all the same. */
export const SEARCH_PATH = [
  process.env["PATH"] ?? "",
  "/usr/local/sbin",
  "/usr/sbin",
  "/sbin",
  "/usr/bin",
  "/bin",
].join(":");

async function isInstalled(program: string): Promise<boolean> {
  const tries = SEARCH_PATH.split(":").map((folder) => access(join(folder || ".", program), constants.X_OK));
  return Promise.any(tries).then(
    () => true,
    () => false,
  );
}

export async function checkPrograms(): Promise<void> {
  const names = Object.entries(PACKAGE_OF);
  const installed = await Promise.all(names.map(([program]) => isInstalled(program)));
  const missing = names.filter((_, index) => !installed[index]);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))].join(" ");
  throw new Error(
    `an embedded libvirt needs programs that are not installed: ${missing.map(([program]) => program).join(", ")}; ` +
      `install them by: apt-get install --no-install-recommends ${packages}`,
  );
}
