import { z } from "zod";
import { isArgument } from "../../format/kernel-arguments";
import { rulesOf, within } from "../../resource/rules";
import * as scalar from "../../values/scalars";
import { parseKeyboard, unknownKeyboard } from "./names/keyboard";
import { isLocale, unknownLocale } from "./names/locale";
import { isTimeZone, unknownTimeZone } from "./names/time-zone";
import { passwordHash, publicKey, user, userRules } from "./accounts";
import { disk, diskRules } from "./disk";
import { hostKeys } from "./host-keys";
import { network } from "./network";
import { handOver, handOverRule } from "./managers/index";
import { networkRules } from "./network-rules";
import { mirrorUrl, proxyUrl } from "./urls";

const script = z.string().min(1, { error: "is empty; leave it out" });

const scripts = z.strictObject({
  before: z.array(script).default([]).meta({
    description: "Run in the installer, before the disk is touched; one that fails makes the installation fail.",
    sets: "the installer's own hooks",
  }),
  after: z.array(script).default([]).meta({
    description:
      "Run as root in the new system at the end of its installation; one that fails makes the installation fail.",
    sets: "the installer's own hooks",
  }),
  firstBoot: z.array(script).default([]).meta({
    description: "Run as root when the new system has started for the first time and has a network.",
    sets: "a systemd unit",
  }),
});

const forwarding = z.strictObject({
  ipv4: z
    .boolean()
    .default(false)
    .meta({ description: "Whether IPv4 packets are passed on between interfaces.", sets: "net.ipv4.ip_forward" }),
  ipv6: z
    .boolean()
    .default(false)
    .meta({ description: "Whether IPv6 packets are passed on.", sets: "net.ipv6.conf.all.forwarding" }),
});

const timeServer = z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, {
  error: ({ input }) => `"${String(input)}" is not a time server; write a host name or an address`,
});

/** The new system keeps them in a file that a shell reads, within double quotes. */
const kernelArgument = z
  .string()
  .refine(isArgument, {
    error: ({ input }) =>
      `${JSON.stringify(input)} is not a kernel argument; give one argument an item, without quotation marks and control characters`,
  })
  .refine((argument) => !/[$`\\]/.test(argument), {
    error: ({ input }) =>
      `${JSON.stringify(input)} has a character that the new system's boot loader takes for the shell's: $, \`, or \\; set it by scripts.after`,
  });

/** What no single option can say of itself. */
const systemRules = rulesOf<SystemOptions>(
  ...userRules,
  handOverRule,
  within("disk", ...diskRules),
  within("network", networkRules),
);

/** The options that all installer families share. */
export const systemOptions = z
  .strictObject({
    hostname: scalar.hostName
      .optional()
      .meta({ description: "Host name without the domain. Default: the family's name.", sets: "/etc/hostname" }),
    domain: scalar.domainName.optional().meta({ description: "DNS domain. Default: none.", sets: "/etc/hosts" }),
    locale: z
      .string()
      .refine(isLocale, { error: ({ input }) => unknownLocale(String(input)) })
      .default("C.UTF-8")
      .meta({
        description:
          "Language and region, in UTF-8: de_DE is short for de_DE.UTF-8. C.UTF-8 speaks English and needs no package of its own.",
        sets: "LANG",
      }),
    keyboard: z
      .string()
      .refine((text) => parseKeyboard(text) !== undefined, { error: ({ input }) => unknownKeyboard(String(input)) })
      .default("us")
      .meta({
        description:
          "Keyboard layout by XKB's name, such as us or latam, with its variant in brackets where it is another than the plain one: de(nodeadkeys), ch(fr), us(dvorak). The kernel's own names, such as uk or de-latin1, are understood, too.",
        sets: "XKBLAYOUT, XKBVARIANT",
      }),
    timezone: z
      .string()
      .refine(isTimeZone, { error: ({ input }) => unknownTimeZone(String(input)) })
      .default("Etc/UTC")
      .meta({
        description: "Time zone by its region and city; of an old name, such as US/Eastern, the present one is taken.",
        sets: "/etc/localtime",
      }),
    ntp: z
      .union([z.literal(false), z.array(timeServer).min(1)], { error: "must be a list of time servers, or false" })
      .optional()
      .meta({
        description: "Time servers, or false for a system that sets no clock. Default: the distribution's own servers.",
        sets: "the distribution's time service",
      }),
    rootPassword: passwordHash.optional().meta({
      description:
        "Hash of root's password, as of crypt(3), for the console and for su: SSH servers let root in by key only, so this password alone gives no sshCommand. Default: root has none, and logs in by key only.",
      sets: "chpasswd -e",
      secret: true,
    }),
    rootKeys: z
      .array(publicKey)
      .default([])
      .meta({ description: "Public SSH keys that may log in as root.", sets: "/root/.ssh/authorized_keys" }),
    users: z.array(user).default([]).meta({ description: "Further accounts.", sets: "useradd" }),
    network: network.optional().meta({
      description: "Interfaces and addresses. Default: the first interface that has a link, by DHCP.",
      sets: "the installer's network configuration",
    }),
    mirror: mirrorUrl.optional().meta({
      description: "The archive to install from. Default: the installer's own choice.",
      sets: "the installer's package source",
    }),
    proxy: proxyUrl.optional().meta({
      description: "HTTP proxy for packages; its URL may have a login. Default: none.",
      sets: "the installer's package source",
      secret: true,
    }),
    disk: disk.prefault({}).meta({ description: "Where and how to install.", sets: "the installer's partitioning" }),
    packages: z
      .array(
        z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9+._:-]*[A-Za-z0-9+._:])?$/, {
          error: ({ input }) => `"${String(input)}" is not the name of a package`,
        }),
      )
      .default(["openssh-server"])
      .meta({ description: "Packages to install in addition to the base system.", sets: "the installer's selection" }),
    groups: z
      .array(
        z.string().regex(/^[A-Za-z0-9^@][A-Za-z0-9^+._ -]*$/, {
          error: ({ input }) => `"${String(input)}" is not the name of a group of packages`,
        }),
      )
      .default([])
      .meta({
        description: "Groups of packages, by the names that the distribution has for its tasks, groups or patterns.",
        sets: "the installer's selection",
      }),
    kernelArguments: z.array(kernelArgument).default([]).meta({
      description:
        "Kernel arguments for the installer and the installed system. Without a console= among them, console=tty0 and console=ttyS0,115200 are added: the kernel writes to screen and serial port, the installer to the last.",
      sets: "boot entries of the ISO and of the new system",
    }),
    hostKeys: z
      .union([hostKeys, z.literal(false)])
      .prefault({})
      .meta({
        description:
          "The machine's SSH host keys; `false` leaves them to the machine: the first login can't be verified then. Default: kvm-deploy makes a key of each kind, and keeps them secret in the state.",
        sets: "/etc/ssh",
        secret: true,
      }),
    scripts: scripts
      .prefault({})
      .meta({ description: "Shell scripts of your own.", sets: "the installer's own hooks", secret: true }),
    handOver: handOver
      .optional()
      .meta({ description: "What manages the new system from its first start on.", sets: "the hand-over" }),
    forwarding: forwarding
      .prefault({})
      .meta({ description: "Whether the machine is a router.", sets: "/etc/sysctl.d" }),
  })
  .superRefine(systemRules);

export type SystemOptions = z.output<typeof systemOptions>;
