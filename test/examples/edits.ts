import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { stringify } from "yaml";
import { emulated, mirrorPort } from "../../tools/demo/site";

/** The site that the examples are edited for: the host's bridge is a network of its own, in which the host is the router. */
export const hostAddress = "192.0.2.1";
export const routerAddress = "192.0.2.10";

export interface Site {
  readonly iso: { readonly path: string; readonly sha256: string };
  /** The public key that logs in. */
  readonly key: string;
}

/** Changes of one file of examples/: each text must be in it. */
interface Edit {
  readonly file: string;
  readonly replaced: Readonly<Record<string, string>>;
  readonly appended?: string;
}

/**
 * What an administrator edits before the first `pulumi up`, and what emulated guests and a site without the Internet need
 * in addition. Networks of an earlier example are removed from a later one, as their READMEs say.
 */
function editsFor({ iso, key }: Site): readonly Edit[] {
  return [
    ...["example1", "example2", "example3"].map((name) => ({
      file: `${name}/includes/ssh/root-keys.yaml`,
      replaced: { "- ssh-ed25519": `- ${key}\n# ssh-ed25519` },
    })),
    { file: "example1/includes/iso/debian-13.yaml", replaced: { ...source(iso) } },
    { file: "example2/includes/iso/debian-13.yaml", replaced: { ...source(iso) } },
    ...["example1", "example2", "example3"].map((name) => ({
      file: `${name}/includes/system/defaults.yaml`,
      replaced: {
        "packages: [openssh-server]": `packages: [openssh-server]\nmirror: ${mirrorOf(name)}`,
        "kernelArguments: [net.ifnames=0]": `kernelArguments: [net.ifnames=0, ${emulated.system.kernelArguments.join(", ")}]`,
      },
    })),
    { file: "example1/templates/router.cfg.hbs", replaced: {}, appended: ownMirror },
    {
      file: "example2/example2.yaml",
      replaced: {
        "  virbrXiso1: !include net/virbrXiso1.yaml\n": "",
        "address: 172.16.1.2": "address: 172.16.1.2/24",
        "debian: {}": `debian: ${flow(emulated.debian)}`,
        ...quickDisk,
      },
    },
    { file: "example1/example1.yaml", replaced: quickDisk },
    {
      file: "example3/example3.yaml",
      replaced: {
        // An existing network has no subnet here, so that it is written to the addresses, with the router of Example 1.
        "networks:\n  virbrXiso1: !include net/virbrXiso1.yaml\n  virbrXiso2: !include net/virbrXiso2.yaml\n": "",
        "address: 172.16.1.3": `address: 172.16.1.3/24, gateway: 172.16.1.1, dns: [${hostAddress}]`,
        "address: 172.16.2.3": "address: 172.16.2.3/24",
        // Debian in place of Ubuntu: another distribution is another source.
        "source: !include iso/ubuntu-24.04.yaml": `source: ${flow(iso)}`,
        "ubuntu: { edition: ubuntu-server-minimal }": `debian: ${flow(emulated.debian)}`,
        "memory: 4GiB": "memory: 1GiB",
        ...quickDisk,
      },
    },
  ];
}

function source({ path: file, sha256 }: Site["iso"]): Readonly<Record<string, string>> {
  return {
    "url: https://cdimage.debian.org/debian-cd/current/amd64/iso-cd/debian-13.2.0-amd64-netinst.iso": `path: ${file}`,
    [`sha256: "${"0".repeat(64)}"`]: `sha256: "${sha256}"`,
  };
}

/** Example 3 reaches the mirror by Example 1's router. */
function mirrorOf(name: string): string {
  return `http://${name === "example2" ? "172.16.0.1" : hostAddress}:${mirrorPort}/debian`;
}

const quickDisk: Readonly<Record<string, string>> = { "disk: { size": "disk: { cache: unsafe, size" };

/** The example's own template knows no mirror but Debian's. */
const ownMirror = `
d-i mirror/country string manual
d-i mirror/protocol string http
d-i mirror/http/hostname string ${hostAddress}:${mirrorPort}
d-i mirror/http/directory string /debian
d-i mirror/http/proxy string
d-i apt-setup/services-select multiselect
d-i apt-setup/non-free-firmware boolean false
d-i hw-detect/firmware-lookup string never
d-i base-installer/install-recommends boolean false
d-i base-installer/initramfs-tools/driver-policy select dep
d-i base-installer/kernel/image string linux-image-cloud-amd64
d-i pkgsel/upgrade select none
`;

function flow(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();
}

/** @param examples a copy of the directory @throws Error if a text is missing */
export async function edit(examples: string, site: Site): Promise<void> {
  for (const { file, replaced, appended = "" } of editsFor(site)) {
    const where = path.join(examples, file);
    let text = await readFile(where, "utf8");
    for (const [before, after] of Object.entries(replaced)) {
      if (!text.includes(before)) throw new Error(`${file} does not contain "${before}"`);
      text = text.replace(before, () => after);
    }
    await writeFile(where, text + appended);
  }
}
