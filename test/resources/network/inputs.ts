import { networkInputs, type NetworkInputs } from "../../../provider/resources/network/schema";
import fc from "../../properties";

/** Each key of an object may be missing. */
function some<Values extends object>(values: { [Key in keyof Values]: fc.Arbitrary<Values[Key]> }) {
  return fc.record(values, { requiredKeys: [] });
}

function few<Item>(item: fc.Arbitrary<Item>, selector: (item: Item) => unknown) {
  return fc.uniqueArray(item, { maxLength: 3, selector });
}

const upTo = (most: number) => fc.integer({ min: 1, max: most });
const domainName = upTo(4).map((n) => `d${n}.test`);
const leaseTime = fc.constantFrom("150s", "5m", "2h");
const port = fc.integer({ min: 0, max: 65535 });

interface Family<Host> {
  readonly subnet: (n: number) => string;
  readonly address: (n: number, last: number) => string;
  readonly host: (n: number) => fc.Arbitrary<Host & { readonly address: string }>;
}

/** A subnet with DHCP in it; each range and each host has its own part of the addresses. */
function ipOf<Host>({ subnet, address, host }: Family<Host>) {
  return upTo(2).chain((n) => {
    const range = fc.record({ start: upTo(4), length: upTo(9) }).chain(({ start, length }) =>
      fc.record(
        {
          start: fc.constant(address(n, start * 10)),
          end: fc.constant(address(n, start * 10 + length)),
          leaseTime,
        },
        { requiredKeys: ["start", "end"] },
      ),
    );
    const dhcp = fc
      .record({ ranges: few(range, ({ start }) => start), hosts: few(host(n), (each) => each.address) })
      .filter(({ ranges, hosts }) => ranges.length + hosts.length > 0);
    return fc.record(
      { subnet: fc.constant(subnet(n)), hostAddress: fc.constantFrom(address(n, 9), address(n, 8)), dhcp },
      { requiredKeys: ["subnet"] },
    );
  });
}

const ipv4 = ipOf({
  subnet: (n) => `10.${n}.0.0/24`,
  address: (n, last) => `10.${n}.0.${last}`,
  host: (n) =>
    upTo(6).chain((each) =>
      fc.record(
        {
          mac: fc.constant(`52:54:00:00:00:0${each}`),
          address: fc.constant(`10.${n}.0.${60 + each}`),
          name: fc.constant(`host-${each}`),
        },
        { requiredKeys: ["mac", "address"] },
      ),
    ),
});

const ipv6 = ipOf({
  subnet: (n) => `fd00:${n}::/64`,
  address: (n, last) => `fd00:${n}::${last}`,
  host: (n) =>
    upTo(6).chain((each) =>
      fc.record(
        {
          id: fc.constant(`00:03:00:01:52:54:00:00:00:0${each}`),
          name: fc.constant(`six-${each}`),
          address: fc.constant(`fd00:${n}::${60 + each}`),
        },
        { requiredKeys: ["name", "address"] },
      ),
    ),
});

const dns = some({
  enabled: fc.boolean(),
  forwardPlainNames: fc.boolean(),
  forwarders: few(
    fc.record(
      { address: fc.constantFrom("192.0.2.53", "2001:db8::53"), domain: domainName },
      { requiredKeys: ["address"] },
    ),
    ({ address, domain }) => `${address} ${domain ?? ""}`,
  ),
  hosts: few(
    fc.record({
      address: upTo(4).map((n) => `192.0.2.${n}`),
      names: fc.uniqueArray(domainName, { minLength: 1, maxLength: 2 }),
    }),
    ({ address }) => address,
  ),
  txt: few(fc.record({ name: domainName, value: fc.constantFrom("one", "two") }), ({ name }) => name),
  srv: few(
    fc.record(
      {
        service: fc.constantFrom("ldap", "sip"),
        protocol: fc.constantFrom("tcp", "udp"),
        domain: domainName,
        target: domainName,
        port,
        priority: port,
        weight: port,
      },
      { requiredKeys: ["service", "protocol", "domain", "target"] },
    ),
    ({ service, protocol, domain, target }) => [service, protocol, domain, target].join(" "),
  ),
});

const portGroup = (vlans: fc.Arbitrary<number[]>) =>
  few(fc.record({ name: upTo(4).map((n) => `g${n}`), vlans }), ({ name }) => name);
const noVlans = fc.constant<number[]>([]);

const base = { name: fc.constant("arbitrary") };

const ownBridge = fc
  .record(
    {
      ...base,
      mode: fc.constantFrom("nat", "route", "isolated", "open"),
      device: fc.constantFrom("eth0", "eth1"),
      bridge: fc.constantFrom("br-a", "br-b"),
      nat: some({
        ports: fc.record({ start: upTo(100), end: fc.integer({ min: 100, max: 200 }) }),
        ipv6: fc.boolean(),
      }),
      mtu: fc.integer({ min: 1280, max: 9000 }),
      ipv4,
      ipv6,
      domain: fc.record({ name: domainName, localOnly: fc.boolean() }),
      dns,
      routes: few(
        fc.record(
          {
            destination: upTo(4).map((n) => `10.9${n}.0.0/16`),
            last: upTo(5),
            metric: upTo(9),
          },
          { requiredKeys: ["destination", "last"] },
        ),
        ({ destination }) => destination,
      ),
      portGroups: portGroup(noVlans),
      dnsmasqOptions: fc.uniqueArray(fc.constantFrom("log-dhcp", "log-queries", "no-poll"), { maxLength: 2 }),
    },
    { requiredKeys: ["name", "mode", "ipv4"] },
  )
  .map(({ nat, device, routes = [], ...given }) => ({
    ...given,
    ...(given.mode === "nat" && { nat }),
    ...(device !== undefined && ["nat", "route"].includes(given.mode) && { devices: [device] }),
    routes: routes.map(({ last, ...route }) => ({
      ...route,
      gateway: given.ipv4.subnet.replace("0/24", String(200 + last)),
    })),
  }));

const vlans = fc.uniqueArray(upTo(6), { maxLength: 3 });

const foreignBridge = fc.oneof(
  fc.record({
    ...base,
    mode: fc.constant("bridge"),
    bridge: fc.constantFrom("br0", "br1"),
    virtualPort: fc.constant("openvswitch"),
    portGroups: portGroup(vlans),
  }),
  fc.record({ ...base, mode: fc.constant("bridge"), bridge: fc.constantFrom("br0", "br1") }),
  fc.record({
    ...base,
    mode: fc.constantFrom("passthrough", "private", "vepa"),
    devices: fc.uniqueArray(fc.constantFrom("eth0", "eth1", "eth2"), { minLength: 1 }),
  }),
);

/** Inputs of a network that a check takes. */
export const validInputs: fc.Arbitrary<NetworkInputs> = fc
  .oneof({ weight: 3, arbitrary: ownBridge }, { weight: 1, arbitrary: foreignBridge })
  .map((given) => networkInputs.parse(given));
