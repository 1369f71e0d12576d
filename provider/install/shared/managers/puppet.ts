import { z } from "zod";
import type { Rule } from "../../../resource/rules";
import { nodeName, packageName, rootFile, server, type TakeOver } from "./manager";
import { certificate, rsaPrivateKey } from "./pem";

export const puppet = z.strictObject({
  server: server
    .optional()
    .meta({ description: "The server. Default: Puppet's own, the host `puppet`.", sets: "server" }),
  certname: nodeName
    .regex(/^[^A-Z]*$/, { error: "must not have capitals: Puppet refuses them" })
    .optional()
    .meta({
      description: "The name in the agent's certificate. Default: Puppet's own choice, the host name.",
      sets: "certname",
    }),
  environment: nodeName
    .optional()
    .meta({ description: "The environment of the agent. Default: the server's choice.", sets: "environment" }),
  key: rsaPrivateKey.optional().meta({
    description: "Private RSA key of the agent. It needs `certname`. Default: the agent makes one at its first start.",
    sets: "hostprivkey",
    secret: true,
  }),
  certificate: certificate.optional().meta({
    description: "Certificate of `key`, signed by the server: no request needs to be signed.",
    sets: "hostcert",
  }),
  ca: certificate.optional().meta({
    description: "Certificates of the server's CA: the agent trusts no other. Default: those that the server gives.",
    sets: "localcacert",
  }),
  package: packageName.optional().meta({
    description:
      "Package of the agent, such as openvox-agent. Default: puppet-agent; puppet from the distributions with dnf or zypper.",
    sets: "the installer's selection",
  }),
});

export type Puppet = z.output<typeof puppet>;

export const puppetRule: Rule<Puppet> = ({ key, certificate: signed, certname }, report) => {
  if (key !== undefined && certname === undefined)
    report(["certname"], "is missing: the agent finds its `key` by this name");
  if (signed !== undefined && key === undefined) report(["key"], "is missing: it belongs to the `certificate`");
};

/** Packages keep their settings in different directories: Puppet itself writes them, and says where keys belong. */
export function puppetTakeOver(given: Puppet): TakeOver {
  const settings = Object.entries({ certname: given.certname, server: given.server, environment: given.environment });
  const seeds = Object.entries({ hostprivkey: given.key, hostcert: given.certificate, localcacert: given.ca });
  const filesOf = (folder: string, entries: typeof settings) =>
    entries.flatMap(([name, value]) => (value === undefined ? [] : [rootFile(`${own}/${folder}/${name}`, value)]));
  return {
    title: "Puppet",
    packages: [given.package ?? "puppet-agent"],
    rpmPackages: [given.package ?? "puppet"],
    program: "puppet",
    files: [...filesOf("settings", settings), ...filesOf("seeds", seeds)],
    commands,
    unit: "puppet.service",
  };
}

const own = "var/lib/kvm-deploy-puppet";

/** A file below the directory of a setting's default has its owner. */
const commands = `for file in /${own}/settings/*; do
	[ -e "$file" ] || continue
	puppet config set --section main "$(basename "$file")" "$(cat "$file")"
done
for file in /${own}/seeds/*; do
	[ -e "$file" ] || continue
	place=$(puppet config print --section agent "$(basename "$file")")
	mkdir -p "$(dirname "$place")"
	cp --remove-destination "$file" "$place"
	if id -u puppet >/dev/null 2>&1; then chown puppet: "$place"; fi
done
rm -rf /${own}
`;
