import { z } from "zod";
import { firstStart } from "./first-start";
import { nodeName, packageName, rootFile, type TakeOver, yamlOf } from "./manager";
import { rsaPrivateKey } from "./pem";

const item = z.string().regex(/^(recipe|role)\[[A-Za-z0-9_:.-]+(@[0-9.]+)?\]$/, {
  error: ({ input }) => `"${String(input)}" is not an item of a run list; write it like "recipe[base]" or "role[web]"`,
});

export const chef = z.strictObject({
  server: z
    .url({
      protocol: /^https?$/,
      error: "is not the URL of a Chef server; write it like https://chef.example/organizations/lab",
    })
    .refine((url) => !/@/.test(url), { error: "must have no login" })
    .meta({ description: "URL of the server, with its organization.", sets: "chef_server_url" }),
  nodeName: nodeName.optional().meta({ description: "Name of the node. Default: the host name.", sets: "node_name" }),
  environment: nodeName.optional().meta({ description: "Environment of the node.", sets: "environment" }),
  runList: z.array(item).default([]).meta({ description: "Run list of the first run.", sets: "run_list" }),
  validationClient: nodeName
    .default("chef-validator")
    .meta({ description: "The client that registers the node.", sets: "validation_client_name" }),
  validationKey: rsaPrivateKey.meta({
    description: "Private key of this client. It is removed from the machine when the first run has succeeded.",
    sets: "/etc/chef/validation.pem",
    secret: true,
  }),
  acceptLicense: z.boolean().default(false).meta({
    description: "Whether you accept Chef's license, without which Chef does not start; Cinc needs no acceptance.",
    sets: "chef_license",
  }),
  package: packageName
    .default("chef")
    .meta({ description: "Package of the client: chef, or cinc.", sets: "the installer's selection" }),
});

export type Chef = z.output<typeof chef>;

/** As `knife bootstrap` leaves a node. All other runs are what the run list sets up. */
export function chefTakeOver(given: Chef): TakeOver {
  const { environment, nodeName: name } = given;
  const settings = [
    ["chef_server_url", given.server],
    ["validation_client_name", given.validationClient],
    ["validation_key", "/etc/chef/validation.pem"],
    ["client_key", "/etc/chef/client.pem"],
    ...(name === undefined ? [] : [["node_name", name]]),
    ...(environment === undefined ? [] : [["environment", environment]]),
    ...(given.acceptLicense ? [["chef_license", "accept"]] : []),
  ];
  const lines = settings.map(([key = "", value = ""]) => `${key} '${value.replaceAll(/['\\]/g, String.raw`\$&`)}'\n`);
  const run = firstStart("Chef", firstRun);
  return {
    title: "Chef",
    packages: [given.package],
    program: "chef-client",
    files: [
      rootFile("etc/chef/client.rb", lines.join("")),
      rootFile("etc/chef/validation.pem", given.validationKey),
      rootFile("etc/chef/first-boot.json", yamlOf({ run_list: given.runList })),
      ...run.files,
    ],
    unit: run.unit,
  };
}

const firstRun = `#!/bin/sh
set -e
chef-client -c /etc/chef/client.rb -j /etc/chef/first-boot.json
rm -f /etc/chef/validation.pem /etc/chef/first-boot.json
`;
