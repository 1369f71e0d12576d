import { isIP } from "node:net";
import { z } from "zod";
import { connectionProblem } from "./connection";
import { type Family, formatAddress, formatSubnet, parseAddress, parseCidr } from "./ip";
import { formatSize, parseSize } from "./units";

/**
 * The kinds of scalar values in inputs; each normalises, so that two spellings of one value are never a difference.
 * `kind` and `example` are for the reference; a kind "size" is the type Size in the SDK.
 */

/** A size in binary units, at least one byte; normalised to the shortest exact unit. */
export const size = z
  .string()
  .transform((text, context) => {
    const bytes = parseSize(text);
    if (bytes !== undefined && bytes > 0) return formatSize(bytes);
    context.addIssue(`"${text}" is not a size; write a number with KiB, MiB, GiB or TiB, such as "20GiB"`);
    return z.NEVER;
  })
  .meta({ kind: "size", example: "20GiB" });

/** A name that libvirt and file systems accept. */
export const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, {
    error: (issue) =>
      `"${String(issue.input)}" is not a name; use 1 to 63 letters, digits, dots, hyphens and underscores, starting with a letter or digit`,
  })
  .meta({ kind: "name" });

/** Name of a network device on the host. */
export const deviceName = z
  .string()
  .regex(/^[^\s/:]{1,15}$/, {
    error: (issue) =>
      `"${String(issue.input)}" is not a device name; use 1 to 15 characters without white space, slash and colon`,
  })
  .meta({ kind: "device name", example: "br0" });

export const hostName = z
  .string()
  .regex(/^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/, {
    error: (issue) => `"${String(issue.input)}" is not a host name; use 1 to 63 letters, digits and hyphens`,
  })
  .meta({ kind: "host name", example: "web-1" });

export const domainName = z
  .string()
  .regex(/^(?=.{1,253}$)(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$/, {
    error: (issue) =>
      `"${String(issue.input)}" is not a domain name; write labels of letters, digits and hyphens with dots between`,
  })
  .meta({ kind: "domain name", example: "example.org" });

export const ipv4 = z
  .string()
  .refine((text) => isIP(text) === 4, {
    error: (issue) => `"${String(issue.input)}" is not an IPv4 address; write it like "172.16.1.10"`,
  })
  .meta({ kind: "IPv4 address", example: "172.16.1.10" });

export const macAddress = z
  .string()
  .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i, {
    error: (issue) => `"${String(issue.input)}" is not a MAC address; write it like "52:54:00:12:34:56"`,
  })
  .toLowerCase()
  .meta({ kind: "MAC address", example: "52:54:00:12:34:56" });

/** Normalised to its canonical form. */
export const ipv6 = z
  .string()
  .transform((text, context) => {
    const parsed = parseAddress(text);
    if (parsed?.family === 6) return formatAddress(parsed);
    context.addIssue(`"${text}" is not an IPv6 address; write it like "fd00:16::10"`);
    return z.NEVER;
  })
  .meta({ kind: "IPv6 address", example: "fd00:16::10" });

/** The identifier of a guest that requests an address by DHCPv6. */
export const duid = z
  .string()
  .regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){1,127}$/i, {
    error: (issue) => `"${String(issue.input)}" is not a DUID; write it like "00:03:00:01:52:54:00:12:34:56"`,
  })
  .toLowerCase()
  .meta({ kind: "DUID", example: "00:03:00:01:52:54:00:12:34:56" });

/** An address of either family. */
export const ipAddress = z
  .string()
  .transform((text, context) => {
    const parsed = parseAddress(text);
    if (parsed !== undefined) return formatAddress(parsed);
    context.addIssue(`"${text}" is not an IP address; write it like "172.16.1.10" or "fd00:16::10"`);
    return z.NEVER;
  })
  .meta({ kind: "IP address", example: "172.16.1.10" });

/** An IPv4 network such as `172.16.1.0/24`; host bits are cleared. */
export const subnet4 = subnetOfFamily(4, 30, "172.16.1.0/24");
/** An IPv6 network such as `fd00:16::/64`; host bits are cleared. */
export const subnet6 = subnetOfFamily(6, 126, "fd00:16::/64");

/** A destination network of either family and of any prefix length; host bits are cleared. */
export const destination = z
  .string()
  .transform((text, context) => {
    const parsed = parseCidr(text);
    if (parsed !== undefined) return formatSubnet(parsed);
    context.addIssue(`"${text}" is not a subnet; write it like "192.168.7.0/24" or "fd00:7::/64"`);
    return z.NEVER;
  })
  .meta({ kind: "subnet", example: "192.168.7.0/24" });

function subnetOfFamily(family: Family, longest: number, example: string) {
  return z
    .string()
    .transform((text, context) => {
      const parsed = parseCidr(text);
      if (parsed?.family === family && parsed.prefix <= longest) return formatSubnet(parsed);
      context.addIssue(
        `"${text}" is not an IPv${family} subnet; write it like "${example}", with a prefix of ${longest} or less`,
      );
      return z.NEVER;
    })
    .meta({ kind: `IPv${family} subnet`, example });
}

export const absolutePath = z
  .string()
  .regex(/^\/[^\0\n]*$/, {
    error: (issue) => `"${String(issue.input)}" is not an absolute path on the host; start it with a slash`,
  })
  .meta({ kind: "path on the host" });

/** A text file on the machine that runs the program. */
export const programFile = z.string().min(1).meta({ programPath: "file" });

export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/i, {
    error: (issue) => `"${String(issue.input)}" is not a SHA-256 sum; write its 64 hexadecimal digits`,
  })
  .toLowerCase()
  .meta({ kind: "SHA-256 sum" });

export const downloadUrl = z
  .url({ protocol: /^https?$/, error: 'is not a URL; write it like "https://example.org/debian-13-netinst.iso"' })
  // It could not be downloaded, and a password would stand in messages.
  .refine((url) => !/^\w+:\/\/[^/?#]*@/.test(url), {
    error: "contains a login, which is not supported; download the file yourself and give its `path`",
  });

/** An input of every resource. */
export const connection = z
  .string()
  .superRefine((uri, context) => {
    const problem = connectionProblem(uri);
    if (problem !== undefined) context.addIssue(problem);
  })
  .default("qemu:///system")
  .meta({
    description:
      "libvirt connection URI of the KVM host. Default: kvm:connection of the stack's configuration, else the environment's KVM_DEPLOY_CONNECTION, else qemu:///system.",
    sets: "virsh --connect",
  });

/** An input of every resource that may exist before its creation. */
export const adopt = z
  .union([
    z.boolean(),
    z.string().startsWith("urn:", { error: "must be true, false, or the URN of the current owner" }),
  ])
  .default(false)
  .meta({
    description:
      "Whether to take over an existing one of this name as it is: `true` if kvm-deploy did not create it, or the URN of the resource that owns it now. The next preview then shows the differences.",
    sets: "metadata/kvm-deploy:mark",
  });

/** An input of every resource that may exist before its creation, documented separately from `adopt`. */
export const deleteAdopted = z.boolean().default(false).meta({
  description:
    "Whether a destroy also deletes it if it was taken over by `adopt`. Default: false; it stays on the host as it is, and only kvm-deploy's mark is removed.",
});

/** A time span such as `90s`, `10m` or `2h`; normalised to the largest unit that gives a whole number. */
export const duration = z
  .string()
  .transform((text, context) => {
    const seconds = parseDuration(text);
    if (seconds !== undefined && seconds > 0) return formatDuration(seconds);
    context.addIssue(`"${text}" is not a time span; write a whole number with s, m or h, such as "10m"`);
    return z.NEVER;
  })
  .meta({ kind: "time span", example: "10m" });

const secondsOf = { s: 1, m: 60, h: 3600 } as const;

/** 125 s is `2 min 5 s`. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Seconds of a time span, or undefined if the text is none. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d+)([smh])$/.exec(text.trim()) ?? [];
  return count === undefined ? undefined : Number(count) * secondsOf[unit as keyof typeof secondsOf];
}

function formatDuration(seconds: number): string {
  const unit = (["h", "m"] as const).find((candidate) => seconds % secondsOf[candidate] === 0) ?? "s";
  return `${seconds / secondsOf[unit]}${unit}`;
}

/** The name of a volume in inputs: the pool's name, a slash and the volume's name; the id of a Volume. */
export const volumeId = z
  .string()
  .regex(/^[^/\s]+\/[^/\s]+$/, {
    error: (issue) => `"${String(issue.input)}" is not a volume; give a Volume's id, or "POOL/VOLUME"`,
  })
  .meta({ kind: "volume", example: "default/web-1" });
