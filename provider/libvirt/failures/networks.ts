import type { Meaning } from "./meaning";

export const networkFailures: readonly Meaning[] = [
  {
    pattern: /Network is already in use by interface (\S+)/,
    code: "conflict",
    what: "the subnet is in use by the interface $1",
    remedy: "Choose another subnet",
  },
  {
    pattern: /bridge name '[^']*' already in use|error creating bridge interface \S+: File exists/,
    code: "conflict",
    remedy: "Choose another bridge name",
  },
  {
    pattern: /error creating bridge interface (\S+): Numerical result out of range/,
    code: "invalid-input",
    what: 'the bridge name "$1" is too long',
    remedy: "Choose one of up to 15 characters",
  },
  {
    pattern: /error creating bridge interface (\S+): Operation not permitted/,
    code: "forbidden",
    what: "this libvirt may not create the bridge $1",
    remedy: 'Use the connection "qemu:///system", whose libvirt runs as root, or a bridge that exists already',
  },
  {
    pattern: /existing dhcp host entry in network '([^']*)' that matches "<host mac='([^']*)'/,
    code: "conflict",
    what: 'network "$1" has a fixed address for this MAC ($2), name or address already',
    remedy: "Choose another address, or remove that entry (virsh net-edit $1)",
  },
  {
    pattern: /there is (?:an existing|already at least one) .* network/,
    code: "conflict",
    remedy: "Remove one of the two entries",
  },
  {
    pattern: /couldn't locate a matching .* in network/,
    code: "not-found",
    remedy: "Another program has changed the network: run `pulumi refresh`, then `pulumi up`",
  },
  {
    pattern: /range (\S+) - (\S+) is not entirely within network (\S+)/,
    code: "invalid-input",
    what: "the DHCP range from $1 to $2 is not within the subnet of $3",
    remedy: "Choose addresses of the subnet",
  },
  {
    pattern: /cannot be modified, only added or deleted|can't update '[^']*' section/,
    code: "unsupported",
    remedy: "It changes only with a restart of the network: shut its machines down, then run `pulumi up`",
  },
  {
    pattern: /dnsmasq: failed to create listening socket for (\S+): Address already in use/,
    code: "conflict",
    what: "another program of the host answers DNS at $1",
    remedy: "Stop it, or choose another subnet or host address",
  },
  {
    pattern: /dnsmasq: (.* at line \d+ of .*)/,
    code: "invalid-input",
    what: "dnsmasq does not accept its configuration: $1",
    remedy: "Correct dnsmasqOptions",
  },
  {
    pattern: /dnsmasq: (.*)/,
    code: "command-failed",
    what: "dnsmasq, which gives addresses and names in the network, does not start: $1",
    remedy: "Correct what it names, on the host or in dnsmasqOptions",
  },
  {
    pattern: /network is not running/,
    code: "conflict",
    what: "the network was stopped meanwhile",
    remedy: "Run `pulumi up` again",
  },
  {
    pattern: /network '([^']*)' is not active/,
    code: "not-found",
    what: 'network "$1" is not active',
    remedy: "Start it: virsh net-start $1",
  },
  {
    pattern: /Network not found: .* '([^']*)'/,
    code: "not-found",
    what: 'the host has no network "$1"',
    remedy: "Create it, or correct the name",
  },
  {
    pattern: /Cannot get interface MTU on '([^']*)': No such device/,
    code: "not-found",
    what: 'the host has no bridge or device "$1"',
    remedy: "Create it, or correct the name",
  },
  {
    pattern: /(?:Invalid multicast bridge mac address|found multicast) '([^']*)'/,
    code: "invalid-input",
    what: "the MAC address $1 is one of a group, not of one device",
    remedy: "Choose one whose second digit is even, such as 52:54:00:12:34:56",
  },
  {
    pattern: /Specified qdisc kind is unknown/,
    code: "unsupported",
    what: "the host's kernel cannot limit bandwidth",
    remedy: "Load its traffic-control modules (modprobe -a sch_htb sch_sfq), or leave the bandwidth out",
  },
  {
    pattern: /referenced filter '([^']*)' is missing/,
    code: "not-found",
    what: 'the host has no network filter "$1"',
    remedy: "Choose one of `virsh nwfilter-list`, or define it (virsh nwfilter-define)",
  },
];
