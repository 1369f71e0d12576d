// Made by tools/generate.ts from the schemas in provider/; change those and run `npm run generate`.
import type { Secrets } from "./secrets";

export const secrets = {
  "InstallerIso": {
    "fields": [
      "system.rootPassword",
      "system.users",
      "system.proxy",
      "system.disk.passphrase",
      "system.hostKeys",
      "system.scripts",
      "system.handOver.salt.key",
      "system.handOver.salt.config",
      "system.handOver.salt.state",
      "system.handOver.puppet.key",
      "system.handOver.chef.validationKey",
      "system.handOver.cloudInit.userData",
      "system.handOver.script",
      "debian.lateCommands",
      "ubuntu.storage",
      "ubuntu.userData",
      "redhat.partitioning",
      "suse.registration",
      "agama.registration",
      "agama.storage",
      "data"
    ],
    "tainting": [],
    "computed": [
      "madeHostKeys",
      "digestKey"
    ],
    "outputs": []
  },
  "Machine": {
    "fields": [
      "graphics.password"
    ],
    "tainting": [
      "xml.data"
    ],
    "computed": [],
    "outputs": [
      "graphics"
    ]
  },
  "Network": {
    "fields": [],
    "tainting": [],
    "computed": [],
    "outputs": []
  },
  "StoragePool": {
    "fields": [],
    "tainting": [],
    "computed": [],
    "outputs": []
  },
  "Volume": {
    "fields": [],
    "tainting": [],
    "computed": [],
    "outputs": []
  }
} as const satisfies Readonly<Record<string, Secrets>>;
