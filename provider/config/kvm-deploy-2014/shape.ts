import { z } from "zod";

/** Scalars are the texts that Python prints of them. Keys without a meaning of their own are for templates. */
const text = z.string({ error: "must be one value, not a list or a map" });

const keyPair = z.looseObject({ pri: text.optional(), pub: text.optional() });

/** What the tool did in the new system, by the distribution's type. */
const system = z.looseObject({
  preseed: text.optional(),
  ssh: z
    .looseObject({
      access: z.looseObject({ rsa: keyPair.optional() }).optional(),
      server: z.looseObject({}).optional(),
    })
    .optional(),
  route: z.looseObject({ ipv4: text.optional(), ipv6: text.optional() }).optional(),
  salt: z.looseObject({ role: text.optional(), config: text.optional(), state: text.optional() }).optional(),
});

export const net = z.looseObject({
  type: z.enum(["network", "bridge"]),
  name: text,
  template: text.optional(),
  network: text,
  netmask: text,
  gateway: text.optional(),
  dns: text.optional(),
});

export const shape = z.looseObject({
  distro: z.looseObject({
    type: z.enum(["debian", "ubuntu"]),
    iso: z.looseObject({ path: text, file: text, source: text.optional(), sha256: text.optional() }),
    debian: system.optional(),
    ubuntu: system.optional(),
  }),
  vm: z.looseObject({
    disk: z.array(z.looseObject({})).default([]),
    nic: z.array(z.looseObject({ ip: text, net })).min(1, { error: "needs one entry at least" }),
  }),
});

export type Old = z.output<typeof shape>;
export type OldNic = Old["vm"]["nic"][number];
export type OldSystem = z.output<typeof system>;

/** Whether a configuration is of kvm-deploy 2014, by its sections. */
export function isOf2014(value: unknown): boolean {
  return typeof value === "object" && value !== null && ("vm" in value || "distro" in value) && !("machines" in value);
}
