import assert from "node:assert/strict";
import { expand } from "../../provider/config/compact/expand";
import { inputSchemas } from "../../provider/config/kinds";
import { sections } from "../../provider/config/references";
import { parseConfiguration } from "../../provider/config/schema";
import { loadDocument } from "../../provider/format/yaml/load";
import { KvmError } from "../../provider/values/errors";

export const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBY8EHFxogtyN3xx4MytD69Mu3gW0Iwizkm/Mxn/1wIs a";

export function load(text: string, files: Record<string, string> = {}) {
  const all: Record<string, string> = { "c.yaml": text, ...files };
  return loadDocument("c.yaml", { read: (file) => all[file], repeated: sections });
}

export function parse(text: string, files: Record<string, string> = {}) {
  return parseConfiguration(load(text, files), inputSchemas, () => true);
}

type Sections = Readonly<
  Record<"volumes" | "installers" | "machines", Readonly<Record<string, Record<string, unknown>>>>
>;

/** What the entries mean, before the resources' own rules. */
export function expanded(text: string): Sections {
  const { root: all, slips } = expand(load(text).root);
  assert.deepEqual(slips, []);
  return { volumes: {}, installers: {}, ...(all.value as Partial<Sections>) } as Sections;
}

export function errorOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    assert.ok(error instanceof KvmError);
    return error.message;
  }
  return assert.fail("is accepted");
}

export const networks = `networks:
  lab: { domain: { name: lab.example }, ipv4: { subnet: 172.16.1.0/24 } }
  six: { ipv4: { subnet: 10.6.0.0/24, hostAddress: 10.6.0.254 }, ipv6: { subnet: "2001:db8::/64" }, dns: { enabled: false } }
  dhcp: { ipv4: { subnet: 10.7.0.0/24, dhcp: { ranges: [{ start: 10.7.0.9, end: 10.7.0.99 }] } } }
  iso: { mode: isolated, guests: { subnet: 10.0.0.0/24 } }
  routed: { mode: isolated, guests: { subnet: [10.1.0.0/24], gateway: 10.1.0.1, dns: 9.9.9.9, domain: r.example } }
  br0: { mode: bridge, bridge: br0 }
`;
