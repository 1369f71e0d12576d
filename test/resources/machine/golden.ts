import { readFileSync } from "node:fs";
import path from "node:path";
import { parseYaml } from "../../../provider/format/yaml/load";
import type { OnHost } from "../../../provider/resources/machine/schema/actual";
import type { InstallationMedia } from "../../../provider/resources/machine/definition/part";
import { withOverlayText } from "../../../provider/resources/machine/derive";
import { machineInputs } from "../../../provider/resources/machine/schema";
import type { MachineInputs } from "../../../provider/resources/machine/schema/machine";
import { root } from "../../site";

export interface GoldenMachine {
  readonly inputs: MachineInputs;
  readonly host: OnHost;
  readonly media: InstallationMedia | undefined;
}

/** A machine of test/golden, by its name there. */
export function goldenMachine(name: string): GoldenMachine {
  const file = path.join(root, "test/golden/machine", `${name}.in.yaml`);
  return machineOf(parseYaml(readFileSync(file, "utf8"), file).value);
}

/** The machine on a host where all its images are there. */
export function machineOf(given: unknown): GoldenMachine {
  const inputs = withOverlayText(machineInputs.parse(given));
  const volumes = inputs.disks.flatMap(({ volume }) => volume ?? []);
  return {
    inputs,
    host: {
      uuid: "00000000-0000-8000-a000-000000000001",
      domainType: "qemu",
      macAddresses: inputs.nics.map(({ mac = "" }) => mac),
      volumePaths: Object.fromEntries(volumes.map((volume) => [volume, `/golden/${volume}`])),
      volumeFormats: Object.fromEntries(volumes.map((volume) => [volume, "qcow2"])),
      consoleLogPath: "/golden/console.log",
    },
    media: inputs.installer === undefined ? undefined : { iso: inputs.installer, log: "/golden/installer.log" },
  };
}
