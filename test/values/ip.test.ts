import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as ip from "../../provider/values/ip";
import fc from "../properties";

const address = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((value) => ({ family: 4, value }) as const),
  fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((value) => ({ family: 6, value }) as const),
);
const cidr = address.chain((given) =>
  fc.nat({ max: ip.bitsOf[given.family] }).map((prefix): ip.Cidr => ({ ...given, prefix })),
);

describe("IP addresses", () => {
  it("are read back as they are written", () => {
    fc.assert(
      fc.property(cidr, (given) => {
        assert.deepEqual(ip.parseCidr(`${ip.formatAddress(given)}/${given.prefix}`), given);
      }),
    );
  });

  for (const [written, canonical] of Object.entries({
    "fd00:0:0::0AB": "fd00::ab",
    "2001:db8::1:0:0:1": "2001:db8::1:0:0:1",
    "::": "::",
    "1::": "1::",
    "::ffff:10.0.0.1": "::ffff:a00:1",
    "172.16.1.10": "172.16.1.10",
  })) {
    it(`"${written}" is "${canonical}"`, () => {
      const parsed = ip.parseAddress(written);
      assert.equal(parsed && ip.formatAddress(parsed), canonical);
    });
  }

  for (const text of ["", "10.0.0", "10.0.0.256", "01.2.3.4", "fe80::1%eth0", "1:2:3", "g::"]) {
    it(`"${text}" is none`, () => assert.equal(ip.parseAddress(text), undefined));
  }

  for (const text of ["10.0.0.1", "10.0.0.1/", "10.0.0.1/33", "10.0.0.1/08", "fd00::/129", "10.0.0.0/24/1"]) {
    it(`"${text}" has no prefix length`, () => assert.equal(ip.parseCidr(text), undefined));
  }
});

describe("a subnet", () => {
  it("holds its address, and begins and ends at its mask's bounds", () => {
    fc.assert(
      fc.property(cidr, (given) => {
        const { first, last } = ip.subnetOf(given);
        const count = 2n ** BigInt(ip.bitsOf[given.family] - given.prefix);
        assert.ok(first <= given.value && given.value <= last);
        assert.deepEqual([last - first + 1n, first % count], [count, 0n]);
      }),
    );
  });

  for (const [text, first, last] of [
    ["10.0.0.5/24", "10.0.0.1", "10.0.0.254"],
    ["10.0.0.5/31", "10.0.0.4", "10.0.0.5"],
    ["fd00::5/120", "fd00::1", "fd00::ff"],
  ] as const) {
    it(`${text} has addresses for hosts from ${first} to ${last}`, () => {
      const hosts = ip.hostAddresses(ip.parseCidr(text) ?? assert.fail());
      const written = [hosts.first, hosts.last].map((value) => ip.formatAddress({ family: hosts.family, value }));
      assert.deepEqual(written, [first, last]);
    });
  }

  for (const [one, other, expected] of [
    ["10.0.0.0/24", "10.0.0.128/25", true],
    ["10.0.0.0/24", "10.0.0.0/16", true],
    ["10.0.0.0/24", "10.0.1.0/24", false],
    ["0.0.0.0/0", "::/0", false],
    ["fd00::/64", "fd00::1:0:0:0/48", true],
  ] as const) {
    it(`${one} and ${other} ${expected ? "overlap" : "don't overlap"}`, () => {
      const [a, b] = [one, other].map((text) => ip.subnetOf(ip.parseCidr(text) ?? assert.fail()));
      assert.equal(a && b && ip.overlap(a, b), expected);
      assert.equal(a && b && ip.overlap(b, a), expected);
    });
  }

  it("has a netmask of as many ones as its prefix", () => {
    assert.deepEqual([0, 1, 24, 30, 32].map(ip.netmaskOf), [
      "0.0.0.0",
      "128.0.0.0",
      "255.255.255.0",
      "255.255.255.252",
      "255.255.255.255",
    ]);
  });
});
