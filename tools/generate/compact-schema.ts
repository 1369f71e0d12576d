import { diskKeys, existingKeys, volumeKeys } from "../../provider/config/compact/disks";
import type { compactKeys } from "../../provider/config/compact/machine";
import type { guestKeys } from "../../provider/config/compact/network";
import type { repeatKeys } from "../../provider/format/yaml/repeat";
import { fieldSchema, listSchema, objectSchema, type Schema, type SectionModels, typeSchema } from "./json-types";
import type { Field, ObjectModel, Type } from "./model";

const text = { type: "string" };
const texts = { anyOf: [text, listSchema(text)] };

/** What makes several entries of one. */
export const repeatProperties: Readonly<Record<(typeof repeatKeys)[number], Schema>> = {
  for: {
    type: "object",
    description:
      "Makes a copy of the entry for each item of a list, or each number of a range: `{ n: 1..20 }`, `{ name: [web, mail] }`. In the key and the texts of the entry, `${n}`, `${name}` and `${index}` mean those of the copy.",
  },
  count: {
    type: ["integer", "string"],
    description:
      "Makes this many copies of the entry. `${index}` counts them from 1; without it in the key, KEY-INDEX is the key of a copy.",
  },
};

const guests: Readonly<Record<(typeof guestKeys)[number], Schema>> = {
  subnet: { ...texts, description: "Subnets of the guests' addresses, where the host has none there." },
  gateway: {
    ...text,
    description: "Address of the guests' router. Default: the host, in a network of mode nat, route or open.",
  },
  dns: { ...texts, description: "Addresses of the guests' name servers. Default: the host." },
  domain: { ...text, description: "DNS domain of the guests. Default: that of the network." },
};

export const guestsSchema: Schema = {
  type: ["object", "string", "null"],
  description: "What the guests are to know of this network, where it doesn't follow from the host's part of it.",
  properties: guests,
  additionalProperties: false,
};

/** The keys of a machine that its resource doesn't have, or not in this form. */
export function compactProperties(models: SectionModels): Readonly<Record<string, Schema>> {
  const { machines, installers } = models;
  const compact: Readonly<Record<(typeof compactKeys)[number], Schema>> = {
    install: { ...installSchema(installers), description: described(installers, "source") },
    disk: {
      ...diskSchema(models),
      description: "The first disk: its size, the inputs of its volume KEY-root, or an existing volume.",
    },
    network: { ...text, description: "A key of `networks`, or a network of libvirt: that of the only NIC." },
    address: {
      ...texts,
      description:
        "Fixed addresses of the NIC, of IPv4 and IPv6. The length of the prefix follows from the network; otherwise write 172.16.1.10/24. Default: by DHCP.",
    },
    gateway: { ...text, description: "Address of the guest's router. Default: that of the network." },
    dns: { ...listSchema(text), description: "Addresses of the guest's name servers. Default: those of the network." },
    keys: { ...listSchema(text), description: "Public SSH keys that may log in as root: `system.rootKeys`." },
    system: {
      ...typeSchema(fieldOf(installers, "system").type),
      description: "Options of the new system. Host name, domain and network follow from the machine.",
    },
  };
  const nic = within(fieldOf(machines, "nics").type);
  const { address, gateway, dns } = compact;
  return {
    ...compact,
    memory: { ...fieldSchema(fieldOf(machines, "memory")), description: "Main memory. Default: 2GiB with `install`." },
    disks: {
      anyOf: [
        { ...typeSchema(fieldOf(machines, "disks").type) },
        { type: "object", additionalProperties: diskSchema(models) },
      ],
      description: "The disks by their names, or as a list. The machine boots from the first one.",
    },
    nics: {
      ...listSchema(objectSchema(nic, { address, gateway, dns })),
      description: "The NICs, where `network` is not enough.",
    },
  };
}

function installSchema(installers: ObjectModel): Schema {
  const others = installers.fields.filter(({ name }) => !["system", "connection"].includes(name));
  const source = fieldOf(installers, "source").type;
  const object = { ...installers, fields: [...others, ...objectFields(source)] };
  return { anyOf: [text, objectSchema(object)] };
}

function diskSchema({ volumes, machines }: SectionModels): Schema {
  const disk = within(fieldOf(machines, "disks").type);
  const isOne = (keys: readonly string[]) => (field: Field) => keys.includes(field.name);
  const fields = [
    ...disk.fields.filter(isOne([...existingKeys, ...diskKeys])),
    ...volumes.fields.filter(isOne(volumeKeys)),
  ];
  return { anyOf: [{ type: "string", examples: ["8GiB"] }, objectSchema({ ...disk, fields })] };
}

function fieldOf({ name, fields }: ObjectModel, key: string): Field {
  const found = fields.find((field) => field.name === key);
  if (found === undefined) throw new Error(`${name} has no ${key}`);
  return found;
}

function described(model: ObjectModel, key: string): string {
  return `${fieldOf(model, key).description} Or a map of the installer's inputs, with \`source\` among them.`;
}

function within(type: Type): ObjectModel {
  if (type.tag === "list" && type.items.tag === "object") return type.items.object;
  throw new Error("a list of maps is expected");
}

function objectFields(type: Type): readonly Field[] {
  if (type.tag === "either") return type.types.flatMap(objectFields);
  return type.tag === "object" ? type.object.fields : [];
}
