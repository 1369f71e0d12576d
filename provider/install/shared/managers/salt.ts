import { z } from "zod";
import type { Rule } from "../../../resource/rules";
import type { AddedFile } from "../../family";
import { nodeName, packageName, rootFile, server, type TakeOver, yamlOf } from "./manager";
import { publicKeyOf, rsaPrivateKey, rsaPublicKey } from "./pem";

const relativePath = z.string().refine((path) => !/^\/|\p{Cc}|(^|\/)\.{0,2}(\/|$)/u.test(path), {
  error: ({ input }) => `${JSON.stringify(input)} is not the path of a file below the directory`,
});

/** A directory on the machine that runs Pulumi, or its files. */
const directory = (what: string, sets: string) =>
  z
    .union([z.string().min(1), z.record(relativePath, z.string())], {
      error: "must be the path of a directory, or the texts of its files by their paths below it",
    })
    .optional()
    .meta({
      description: `${what}: a directory on the machine that runs Pulumi, or the texts of its files by their paths below it. Only root and Salt can read them.`,
      sets,
      secret: true,
      programPath: "directory",
    });

export const salt = z.strictObject({
  role: z
    .enum(["minion", "master"])
    .default("minion")
    .meta({ description: "What the machine becomes.", sets: "salt-minion.service, salt-master.service" }),
  master: z
    .union([server, z.array(server).min(1)], { error: "must be a host name or an address, or a list of them" })
    .optional()
    .meta({ description: "The minion's master. Default: Salt's own, the host `salt`.", sets: "master" }),
  id: nodeName
    .optional()
    .meta({ description: "The minion's id. Default: Salt's own choice, the host name.", sets: "/etc/salt/minion_id" }),
  grains: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ description: "Facts about the minion that states may use.", sets: "/etc/salt/grains" }),
  key: rsaPrivateKey.optional().meta({
    description:
      "Private RSA key of the minion, or of the master. With its public half among the master's accepted keys, the minion is accepted at once. Default: Salt makes one at its first start.",
    sets: "/etc/salt/pki/minion/minion.pem, /etc/salt/pki/master/master.pem",
    secret: true,
  }),
  masterKey: rsaPublicKey.optional().meta({
    description: "Public RSA key of the minion's master: the minion talks to no other.",
    sets: "/etc/salt/pki/minion/minion_master.pub",
  }),
  masterFinger: z
    .string()
    .regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){15,31}$/, {
      error: "is not a fingerprint; take that of master.pub in the output of `salt-key -F master`",
    })
    .optional()
    .meta({ description: "Fingerprint of the master's public key.", sets: "master_finger" }),
  minions: z.record(nodeName, rsaPublicKey).default({}).meta({
    description: "Public RSA keys of minions that the master accepts, by their ids.",
    sets: "/etc/salt/pki/master/minions",
  }),
  config: directory("Configuration files", "/etc/salt"),
  state: directory("State files", "/srv/salt"),
  package: packageName.optional().meta({
    description: "Package of Salt. Default: salt-minion or salt-master, by the role.",
    sets: "the installer's selection",
  }),
});

export type Salt = z.output<typeof salt>;

const ofMinions = ["master", "id", "masterKey", "masterFinger"] as const;

export const saltRule: Rule<Salt> = (given, report) => {
  const isMaster = given.role === "master";
  if (!isMaster && Object.keys(given.minions).length > 0)
    report(["minions"], "are accepted by a master; set `role` to master, or leave `minions` out");
  if (!isMaster) return;
  for (const key of ofMinions)
    if (given[key] !== undefined) report([key], `is for a minion, and the \`role\` is master; leave \`${key}\` out`);
  if (Object.keys(given.grains).length > 0)
    report(["grains"], "are for a minion, and the `role` is master; leave `grains` out");
};

export function saltTakeOver(given: Salt): TakeOver {
  const program = `salt-${given.role}`;
  const own = given.role === "master" ? masterFiles(given) : minionFiles(given);
  return {
    title: "Salt",
    packages: [given.package ?? program],
    program,
    files: [...filesBelow("etc/salt", given.config), ...filesBelow("srv/salt", given.state), ...own],
    // The distributions' masters run as a user of their own.
    ...(given.role === "master" ? { commands: giveToSalt } : {}),
    unit: `${program}.service`,
  };
}

const giveToSalt = `for place in /etc/salt /srv/salt; do
	if [ -d $place ] && id -u salt >/dev/null 2>&1; then chown -R salt: $place; fi
done
`;

function minionFiles({ master, id, grains, key, masterKey, masterFinger }: Salt): AddedFile[] {
  const settings = {
    ...(master === undefined ? {} : { master }),
    ...(masterFinger === undefined ? {} : { master_finger: masterFinger }),
  };
  return [
    ...(Object.keys(settings).length === 0 ? [] : [rootFile("etc/salt/minion.d/kvm-deploy.conf", yamlOf(settings))]),
    ...(id === undefined ? [] : [rootFile("etc/salt/minion_id", id)]),
    ...(Object.keys(grains).length === 0 ? [] : [rootFile("etc/salt/grains", yamlOf(grains))]),
    ...keyPair("etc/salt/pki/minion/minion", key),
    ...(masterKey === undefined ? [] : [rootFile("etc/salt/pki/minion/minion_master.pub", masterKey)]),
  ];
}

function masterFiles({ key, minions }: Salt): AddedFile[] {
  const accepted = Object.entries(minions).map(([id, text]) => rootFile(`etc/salt/pki/master/minions/${id}`, text));
  return [...keyPair("etc/salt/pki/master/master", key), ...accepted];
}

function keyPair(path: string, key: string | undefined): AddedFile[] {
  return key === undefined ? [] : [rootFile(`${path}.pem`, key), rootFile(`${path}.pub`, publicKeyOf(key))];
}

/** @param files a path only where the directory has not been read */
function filesBelow(path: string, files: Salt["config"]): AddedFile[] {
  if (typeof files === "string") throw new Error(`the directory ${files} has not been read`);
  return Object.entries(files ?? {}).map(([file, content]) => ({ path: `${path}/${file}`, content, mode: 0o600 }));
}
