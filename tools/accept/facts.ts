import { address, type Case, domain, hostname, passwordHash } from "./configuration";
import { type AcceptSite, gateway } from "./site";

/** Something that must be true inside of the new system. */
export interface Fact {
  readonly name: string;
  /** Shell lines, run as root. */
  readonly command: string;
  /** Their whole output, or what must be in it. */
  readonly expected: string | RegExp;
}

/** @param hostKeys the public keys that the state names */
export function factsFor(
  { firmware }: Case,
  { system, without }: AcceptSite,
  hostKeys: readonly string[],
): readonly Fact[] {
  const facts = [
    { name: "release", command: '. /etc/os-release; echo "$PRETTY_NAME"', expected: /\S/ },
    ...identityFacts,
    ...regionFacts(typeof system["locale"] === "string" ? system["locale"] : "C.UTF-8"),
    ...accountFacts,
    ...keyFacts(hostKeys),
    ...networkFacts,
    ...diskFacts,
    ...bootFacts(firmware),
    ...endFacts,
  ];
  return facts.filter(({ name }) => !without.includes(name));
}

const identityFacts: readonly Fact[] = [
  { name: "host name", command: "uname -n", expected: new RegExp(`^${hostname}(\\.|$)`) },
  { name: "host name with domain", command: "hostname -f", expected: `${hostname}.${domain}` },
];

function regionFacts(locale: string): readonly Fact[] {
  return [
    {
      name: "locale",
      command: 'for file in /etc/default/locale /etc/locale.conf; do [ ! -e $file ] || . $file; done; echo "$LANG"',
      expected: locale,
    },
    { name: "locale exists", command: `LC_ALL=${locale} locale charmap`, expected: "UTF-8" },
    {
      name: "keyboard",
      command: "cat /etc/default/keyboard /etc/vconsole.conf /etc/X11/xorg.conf.d/00-keyboard.conf 2>/dev/null",
      expected: /\bus\b[^]*dvorak/,
    },
    { name: "time zone", command: "readlink -f /etc/localtime", expected: /Europe\/Berlin$/ },
    { name: "time zone in force", command: "TZ= date -d @0 +%s; date -d @0 +%H", expected: "0\n01" },
  ];
}

const accountFacts: readonly Fact[] = [
  { name: "login as root", command: "id -u", expected: "0" },
  { name: "root has no password", command: "getent shadow root | cut -d: -f2", expected: /^[!*]/ },
  { name: "user", command: "id -un operator1", expected: "operator1" },
  {
    name: "user's full name",
    command: "getent passwd operator1 | cut -d: -f5 | cut -d, -f1",
    expected: "First Operator",
  },
  { name: "user's group", command: "id -nG operator1", expected: /\boperators\b/ },
  { name: "user's password", command: "getent shadow operator1 | cut -d: -f2", expected: passwordHash },
  { name: "user's key", command: "grep -c ssh- ~operator1/.ssh/authorized_keys", expected: "1" },
  {
    name: "owner of the user's key",
    command: "stat -c '%U %a' ~operator1/.ssh/authorized_keys",
    expected: "operator1 600",
  },
  { name: "sudo", command: "su operator1 -c 'sudo -n id -u'", expected: "0" },
];

function keyFacts(hostKeys: readonly string[]): readonly Fact[] {
  return [
    {
      name: "host keys",
      command: "cut -d' ' -f1,2 /etc/ssh/ssh_host_*_key.pub | sort",
      expected: hostKeys
        .map((key) => key.split(" ").slice(0, 2).join(" "))
        .sort()
        .join("\n"),
    },
    {
      name: "only root reads the host keys",
      command: "stat -c '%U %a' /etc/ssh/ssh_host_*_key | sort -u",
      expected: /^root 6[04]0$/,
    },
  ];
}

const networkFacts: readonly Fact[] = [
  { name: "address", command: "ip -4 -o address show scope global | awk '{ print $4 }'", expected: `${address}/24` },
  { name: "gateway", command: "ip -4 route show default", expected: new RegExp(`^default via ${gateway} [^\\n]*$`) },
  { name: "name server", command: `getent ahostsv4 host.${domain} | head -n 1 | cut -d' ' -f1`, expected: gateway },
  { name: "forwarding of IPv4", command: "cat /proc/sys/net/ipv4/ip_forward", expected: "1" },
  { name: "no forwarding of IPv6", command: "cat /proc/sys/net/ipv6/conf/all/forwarding", expected: "0" },
];

const diskFacts: readonly Fact[] = [
  { name: "root on LVM", command: 'lsblk -ndo TYPE "$(findmnt -no SOURCE /)"', expected: "lvm" },
  { name: "file system", command: "findmnt -no FSTYPE /", expected: "ext4" },
  { name: "size of the disk", command: "lsblk -bdno SIZE /dev/vda", expected: String(12 * 2 ** 30) },
  { name: "no medium", command: "blockdev --getsize64 /dev/sr0 2>/dev/null || echo none", expected: /^(none|0)$/ },
];

function bootFacts(firmware: Case["firmware"]): readonly Fact[] {
  const isSecure = "od -An -t u1 -j 4 -N 1 /sys/firmware/efi/efivars/SecureBoot-* 2>/dev/null | tr -d ' '";
  return [
    {
      name: "firmware",
      command: "if [ -d /sys/firmware/efi ]; then echo uefi; else echo bios; fi",
      expected: firmware === "bios" ? "bios" : "uefi",
    },
    {
      name: "secure boot",
      command: `${isSecure} | grep -x 1 || echo off`,
      expected: firmware === "secure" ? "1" : "off",
    },
    { name: "kernel argument", command: "cat /proc/cmdline", expected: /(^| )loglevel=5( |$)/m },
    { name: "serial console", command: "cat /proc/cmdline", expected: /console=ttyS0/ },
    { name: "login on the serial console", command: "systemctl is-active serial-getty@ttyS0", expected: "active" },
  ];
}

const endFacts: readonly Fact[] = [
  { name: "script after the installation", command: "cat /etc/kvm-deploy-after", expected: "after" },
  {
    name: "script at the first boot",
    command:
      "for i in $(seq 60); do [ -e /etc/kvm-deploy-first-boot ] && break; sleep 1; done; cat /etc/kvm-deploy-first-boot",
    expected: "first-boot",
  },
  {
    name: "nothing of the hand-over is left",
    command: "ls -d /var/lib/kvm-deploy-setup /kvm-deploy 2>/dev/null",
    expected: "",
  },
  { name: "state of the system", command: "systemctl is-system-running --wait", expected: "running" },
  { name: "failed units", command: "systemctl --failed --no-legend --plain", expected: "" },
];

/** A script whose output `answersIn` reads: each fact's own between two lines that no command prints. */
export function scriptOf(facts: readonly Fact[]): string {
  return facts.map(({ command }, index) => `printf '\\n${separator}${index}\\n'\n( ${command}\n) 2>&1\n`).join("");
}

const separator = "==kvm-deploy-fact-";

export interface Finding {
  readonly fact: Fact;
  readonly actual: string;
  readonly isTrue: boolean;
}

export function findingsIn(output: string, facts: readonly Fact[]): readonly Finding[] {
  const answers = new Map(
    output
      .split(new RegExp(`^${separator}`, "m"))
      .slice(1)
      .map((part) => {
        const end = part.indexOf("\n");
        return [part.slice(0, end), part.slice(end + 1).trim()];
      }),
  );
  return facts.map((fact, index) => {
    const actual = answers.get(String(index)) ?? "(no answer)";
    const { expected } = fact;
    return { fact, actual, isTrue: typeof expected === "string" ? actual === expected : expected.test(actual) };
  });
}
