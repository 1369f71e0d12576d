import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { z } from "zod";
import * as scalar from "../../provider/values/scalars";
import fc from "../properties";

interface Case {
  readonly kind: string;
  readonly schema: z.ZodType;
  /** What is taken, and what it becomes. */
  readonly taken: Readonly<Record<string, string>>;
  readonly refused: readonly string[];
  readonly message: RegExp;
}

const sum = "ab".repeat(32);

const cases: readonly Case[] = [
  {
    kind: "size",
    schema: scalar.size,
    taken: { "1024MiB": "1GiB", "1.5GiB": "1536MiB", "20 GiB": "20GiB", "1B": "1B" },
    refused: ["", "0GiB", "1GB", "20", "-1GiB", "1.0001KiB"],
    message: /^"[^"]*" is not a size; write a number with KiB/,
  },
  {
    kind: "name",
    schema: scalar.name,
    taken: { "web-1": "web-1", "1": "1", "a_b.c": "a_b.c" },
    refused: ["", "-a", "a b", "a/b", "ä", "a".repeat(64)],
    message: /is not a name; use 1 to 63 letters/,
  },
  {
    kind: "device name",
    schema: scalar.deviceName,
    taken: { br0: "br0", "eth0.12": "eth0.12" },
    refused: ["", "a b", "a/b", "a:b", "a".repeat(16)],
    message: /is not a device name; use 1 to 15 characters/,
  },
  {
    kind: "host name",
    schema: scalar.hostName,
    taken: { web: "web", "w-1": "w-1" },
    refused: ["", "-a", "a-", "a.b", "a_b"],
    message: /is not a host name/,
  },
  {
    kind: "domain name",
    schema: scalar.domainName,
    taken: { "example.org": "example.org", lan: "lan" },
    refused: ["", "a..b", ".a", "a_b", "a".repeat(64)],
    message: /is not a domain name/,
  },
  {
    kind: "IPv4 address",
    schema: scalar.ipv4,
    taken: { "172.16.1.10": "172.16.1.10" },
    refused: ["", "172.16.1", "172.16.1.256", "172.16.1.10/24", "::1", "01.2.3.4"],
    message: /is not an IPv4 address; write it like "172\.16\.1\.10"/,
  },
  {
    kind: "MAC address",
    schema: scalar.macAddress,
    taken: { "52:54:00:AB:cd:Ef": "52:54:00:ab:cd:ef" },
    refused: ["", "52-54-00-12-34-56", "52:54:00:12:34", "52:54:00:12:34:5g"],
    message: /is not a MAC address/,
  },
  {
    kind: "IPv4 subnet",
    schema: scalar.subnet4,
    taken: { "172.16.1.77/24": "172.16.1.0/24", "10.0.0.0/30": "10.0.0.0/30", "200.1.2.3/1": "128.0.0.0/1" },
    refused: ["", "172.16.1.0", "10.0.0.0/31", "10.0.0.0/33", "10.0.0.0/24/1", "10.0.0/24"],
    message: /is not an IPv4 subnet; write it like "172\.16\.1\.0\/24", with a prefix of 30 or less/,
  },
  {
    kind: "IPv6 address",
    schema: scalar.ipv6,
    taken: { "FD00:0::00a": "fd00::a" },
    refused: ["", "10.0.0.1", "fd00::1/64", "fd00:::1", "fe80::1%eth0"],
    message: /is not an IPv6 address; write it like "fd00:16::10"/,
  },
  {
    kind: "DUID",
    schema: scalar.duid,
    taken: { "00:03:00:01:52:54:00:AB:cd:ef": "00:03:00:01:52:54:00:ab:cd:ef" },
    refused: ["", "00", "0:3", "00-03"],
    message: /is not a DUID; write it like/,
  },
  {
    kind: "IP address",
    schema: scalar.ipAddress,
    taken: { "FD00::1": "fd00::1", "10.0.0.1": "10.0.0.1" },
    refused: ["", "10.0.0", "10.0.0.1/24"],
    message: /is not an IP address/,
  },
  {
    kind: "IPv6 subnet",
    schema: scalar.subnet6,
    taken: { "FD00::5/64": "fd00::/64", "fd00::/126": "fd00::/126" },
    refused: ["", "fd00::", "fd00::/127", "10.0.0.0/24"],
    message: /is not an IPv6 subnet; write it like "fd00:16::\/64", with a prefix of 126 or less/,
  },
  {
    kind: "subnet of either family",
    schema: scalar.destination,
    taken: { "10.0.0.5/32": "10.0.0.5/32", "10.0.0.5/8": "10.0.0.0/8", "fd00::5/64": "fd00::/64" },
    refused: ["", "10.0.0.5", "10.0.0.0/33", "fd00::/129"],
    message: /is not a subnet; write it like/,
  },
  {
    kind: "path on the host",
    schema: scalar.absolutePath,
    taken: { "/": "/", "/srv/a b": "/srv/a b" },
    refused: ["", "srv", "~/a", "/a\nb"],
    message: /is not an absolute path on the host; begin it with a slash/,
  },
  {
    kind: "SHA-256 sum",
    schema: scalar.sha256,
    taken: { [sum.toUpperCase()]: sum },
    refused: ["", sum.slice(1), `${sum}0`, sum.replace("a", "g")],
    message: /is not a SHA-256 sum; write its 64 hexadecimal digits/,
  },
  {
    kind: "time span",
    schema: scalar.duration,
    taken: { "90s": "90s", "120s": "2m", "60m": "1h", "10m": "10m" },
    refused: ["", "0s", "10", "1.5h", "-1m", "1d"],
    message: /is not a time span; write a whole number with s, m or h/,
  },
  {
    kind: "volume",
    schema: scalar.volumeId,
    taken: { "default/web-1": "default/web-1" },
    refused: ["", "web", "a/b/c", "/b", "a/", "a b/c"],
    message: /is not a volume; give a Volume's id, or "POOL\/VOLUME"/,
  },
  {
    kind: "connection",
    schema: scalar.connection,
    taken: { "qemu:///session": "qemu:///session" },
    refused: ["", "qemu"],
    message: /is not a connection of a local QEMU/,
  },
];

for (const { kind, schema, taken, refused, message } of cases) {
  describe(`a ${kind}`, () => {
    for (const [text, value] of Object.entries(taken)) {
      it(`takes "${text}" as "${value}"`, () => assert.equal(schema.parse(text), value));
      it(`is the same when it is normalised again: "${value}"`, () => assert.equal(schema.parse(value), value));
    }
    for (const text of refused) {
      it(`refuses ${JSON.stringify(text)}, and says what is allowed`, () => {
        assert.match(schema.safeParse(text).error?.issues[0]?.message ?? "", message);
      });
    }
  });
}

describe("a time span", () => {
  it("is the same number of seconds when it is normalised", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 6 }), fc.constantFrom("s", "m", "h"), (count, unit) => {
        const text = `${count}${unit}`;
        assert.equal(scalar.parseDuration(scalar.duration.parse(text)), scalar.parseDuration(text));
      }),
    );
  });
});
