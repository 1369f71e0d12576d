import { z } from "zod";
import { isArgument } from "../../iso/cmdline";
import * as scalar from "../../scalars";
import { passwordHash, publicKey, userName } from "../shared/accounts";
import { hostKey } from "../shared/host-keys";
import { debianRules } from "./rules";

const httpUrl = z.url({
  protocol: /^https?$/,
  error: ({ input }) =>
    `"${withoutLogin(String(input))}" is not a URL; write it like "http://192.168.199.1:8080/debian"`,
});

/** A proxy's URL may hold a password. */
function withoutLogin(url: string): string {
  return url.replace(/^(\w+:\/\/)?.*@/s, "$1…@");
}

const user = z.strictObject({
  name: userName.meta({ description: "Login name.", sets: "useradd" }),
  fullName: z
    .string()
    .regex(/^[^\p{Cc}:]*$/u, { error: "must be one line without colons" })
    .default("")
    .meta({ description: "The person's name.", sets: "useradd --comment" }),
  password: passwordHash
    .optional()
    .meta({ description: "Hash of the password, as of crypt(3). Default: no login by password.", sets: "chpasswd -e" }),
  keys: z
    .array(publicKey)
    .default([])
    .meta({ description: "Public SSH keys that may log in.", sets: "~/.ssh/authorized_keys" }),
  sudo: z.boolean().default(false).meta({
    description: "Whether this user may become root by sudo; without a password where the user has none.",
    sets: "group sudo, /etc/sudoers.d",
  }),
});

const network = z.strictObject({
  address: scalar.interfaceAddress4.meta({
    description: "The machine's address and the length of its subnet's prefix, such as 172.16.1.10/24.",
    sets: "netcfg/get_ipaddress, netcfg/get_netmask",
  }),
  gateway: scalar.ipv4
    .optional()
    .meta({ description: "Address of the router, in the same subnet. Default: none.", sets: "netcfg/get_gateway" }),
  dns: z
    .array(scalar.ipv4)
    .default([])
    .meta({ description: "Addresses of name servers.", sets: "netcfg/get_nameservers" }),
  interface: scalar.deviceName.optional().meta({
    description: "The interface to configure. Default: the first one that has a link.",
    sets: "netcfg/choose_interface",
  }),
});

const disk = z.strictObject({
  device: z
    .string()
    .regex(/^\/dev\/[A-Za-z0-9/_.:-]+$/, {
      error: ({ input }) => `"${String(input)}" is not a disk; write it like "/dev/vda"`,
    })
    .optional()
    .meta({
      description: "The disk to erase and install on. Default: the first one.",
      sets: "partman-auto/disk, grub-installer/bootdev",
    }),
  recipe: z.string().min(1).default("atomic").meta({
    description:
      "Partitions: all in one (atomic), a separate /home (home), separate /home, /var and /tmp (multi), or the text of an expert recipe.",
    sets: "partman-auto/choose_recipe, partman-auto/expert_recipe",
  }),
  method: z
    .enum(["regular", "lvm"])
    .default("regular")
    .meta({ description: "Plain partitions or LVM.", sets: "partman-auto/method" }),
});

const hostKeys = z.strictObject({
  ed25519: hostKey("ed25519")
    .optional()
    .meta({ description: "OpenSSH private key.", sets: "/etc/ssh/ssh_host_ed25519_key" }),
  rsa: hostKey("rsa").optional().meta({ description: "OpenSSH private key.", sets: "/etc/ssh/ssh_host_rsa_key" }),
  ecdsa: hostKey("ecdsa").optional().meta({ description: "OpenSSH private key.", sets: "/etc/ssh/ssh_host_ecdsa_key" }),
});

const kernelArgument = z.string().refine(isArgument, {
  error: ({ input }) =>
    `${JSON.stringify(input)} is not a kernel argument; give one argument an item, without quotation marks and control characters`,
});

/** A list of arguments without white space goes through Debian's own scripts unharmed. */
const debianArgument = kernelArgument.refine((text) => !/\s|^---?$/.test(text), {
  error: ({ input }) =>
    `${JSON.stringify(input)} can't be handed on by Debian's installer; give one argument an item, without white space`,
});

/** The answers to Debian's installer. */
export const debianOptions = z
  .strictObject({
    hostname: scalar.hostName
      .default("debian")
      .meta({ description: "Host name without the domain.", sets: "netcfg/get_hostname, netcfg/hostname" }),
    domain: scalar.domainName.optional().meta({ description: "DNS domain. Default: none.", sets: "netcfg/get_domain" }),
    locale: z
      .string()
      .regex(/^(C|[a-z]{2,3}_[A-Z]{2})(\.[A-Za-z0-9-]+)?(@[a-z]+)?$/, {
        error: ({ input }) => `"${String(input)}" is not a locale; write it like "en_US.UTF-8" or "C.UTF-8"`,
      })
      .default("C.UTF-8")
      .meta({
        description: "Language and region. C.UTF-8 speaks English and needs no package of its own.",
        sets: "debian-installer/locale",
      }),
    keyboard: z
      .string()
      .regex(/^[a-z]{2,3}([_-][A-Za-z0-9_-]+)?$/, {
        error: ({ input }) => `"${String(input)}" is not a keyboard layout; write it like "us" or "de"`,
      })
      .default("us")
      .meta({ description: "Keyboard layout.", sets: "keyboard-configuration/xkb-keymap" }),
    timezone: z
      .string()
      .regex(/^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+)*$/, {
        error: ({ input }) => `"${String(input)}" is not a time zone; write it like "Etc/UTC" or "Europe/Berlin"`,
      })
      .default("Etc/UTC")
      .meta({ description: "Time zone.", sets: "time/zone" }),
    rootPassword: passwordHash.optional().meta({
      description: "Hash of root's password, as of crypt(3). Default: root has none, and logs in by key only.",
      sets: "passwd/root-password-crypted",
    }),
    rootKeys: z
      .array(publicKey)
      .default([])
      .meta({ description: "Public SSH keys that may log in as root.", sets: "/root/.ssh/authorized_keys" }),
    users: z.array(user).default([]).meta({ description: "Further accounts.", sets: "useradd" }),
    network: network.optional().meta({ description: "A fixed address. Default: by DHCP.", sets: "netcfg" }),
    mirror: httpUrl.optional().meta({
      description: "The Debian archive to install from. Default: the installer's own choice.",
      sets: "mirror/protocol, mirror/http/hostname, mirror/http/directory",
    }),
    proxy: httpUrl
      .optional()
      .meta({ description: "HTTP proxy for packages. Default: none.", sets: "mirror/http/proxy" }),
    suite: z
      .string()
      .regex(/^[a-z][a-z-]*$/, { error: ({ input }) => `"${String(input)}" is not a suite; write it like "trixie"` })
      .optional()
      .meta({ description: "The suite of the archive. Default: the ISO's own.", sets: "mirror/suite" }),
    repositories: z
      .array(z.enum(["security", "updates", "backports"]))
      .optional()
      .meta({
        description:
          "Further repositories on Debian's own servers. Default: security and updates, but none with a `mirror`: whoever gives one may have nothing else in reach, and the installer would wait.",
        sets: "apt-setup/services-select",
      }),
    disk: disk.prefault({}).meta({ description: "Where and how to install.", sets: "partman-auto" }),
    packages: z
      .array(
        z.string().regex(/^[a-z0-9][a-z0-9+.-]+$/, {
          error: ({ input }) => `"${String(input)}" is not the name of a Debian package`,
        }),
      )
      .default(["openssh-server"])
      .meta({
        description:
          "Packages to install beside the base system and dbus, without which nothing answers the power button.",
        sets: "pkgsel/include",
      }),
    kernelPackage: z
      .string()
      .regex(/^linux-image-[a-z0-9+.-]+$/, {
        error: ({ input }) => `"${String(input)}" is not a kernel package; write it like "linux-image-cloud-amd64"`,
      })
      .optional()
      .meta({
        description: "The kernel's package. Default: the installer's own choice.",
        sets: "base-installer/kernel/image",
      }),
    recommends: z.boolean().default(true).meta({
      description: "Whether recommended packages are installed too.",
      sets: "base-installer/install-recommends",
    }),
    initramfs: z.enum(["most", "dep"]).default("most").meta({
      description:
        "Drivers in the initial RAM disk: most of them, or only those that this machine needs (dep: smaller and faster).",
      sets: "base-installer/initramfs-tools/driver-policy",
    }),
    kernelArguments: z.array(debianArgument).default([]).meta({
      description:
        "Kernel arguments for the installer and the installed system. Without a console= among them, console=ttyS0,115200 is added.",
      sets: "boot entries of the ISO, after ---",
    }),
    hostKeys: hostKeys
      .prefault({})
      .meta({ description: "The machine's SSH host keys. Default: it makes its own.", sets: "/etc/ssh" }),
    lateCommands: z.array(z.string().min(1)).default([]).meta({
      description:
        "Shell scripts that run in the installer at the end, with the new system at /target; one that fails makes the installation fail.",
      sets: "finish-install.d",
    }),
  })
  .superRefine(debianRules);

export type DebianOptions = z.output<typeof debianOptions>;
