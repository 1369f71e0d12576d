import { z } from "zod";
import { rootFile, type TakeOver, yamlOf } from "./manager";

export const cloudInit = z.strictObject({
  userData: z
    .string()
    .regex(
      /^(#cloud-config|#!|#include|#cloud-boothook|#part-handler|## template: jinja|Content-Type:|MIME-Version:)/i,
      {
        error:
          'is in no format that cloud-init knows; start it with the line "#cloud-config", or as a script with "#!/bin/sh"',
      },
    )
    .meta({
      description: "User data, in any format of cloud-init. It has priority over what `system` says.",
      sets: "/var/lib/cloud/seed/nocloud/user-data",
      secret: true,
    }),
});

export type CloudInit = z.output<typeof cloudInit>;

/**
 * cloud-init's own defaults would replace host keys, keep root's keys from working, make an account, and configure the
 * network. What the installation has set stays, unless the user data says otherwise.
 */
const settings = {
  datasource_list: ["NoCloud", "None"],
  network: { config: "disabled" },
  preserve_hostname: true,
  manage_etc_hosts: false,
  // None. An empty list says the same, but cloud-init before 23.2 refuses it.
  users: [[]],
  disable_root: false,
  ssh_pwauth: "unchanged",
  ssh_deletekeys: false,
};

export function cloudInitTakeOver({ userData }: CloudInit): TakeOver {
  const seed = "var/lib/cloud/seed/nocloud";
  return {
    title: "cloud-init",
    packages: ["cloud-init"],
    program: "cloud-init",
    files: [
      rootFile(`${seed}/user-data`, userData),
      rootFile(`${seed}/meta-data`, yamlOf({ "instance-id": "kvm-deploy" })),
      rootFile("etc/cloud/cloud.cfg.d/99_kvm-deploy.cfg", yamlOf(settings)),
    ],
    commands,
    unit: "cloud-final.service",
  };
}

/** Releases divide the work among different units, and not each distribution enables them. */
const commands = `for unit in cloud-init-local cloud-init cloud-init-main cloud-init-network cloud-config; do
	[ ! -e /usr/lib/systemd/system/$unit.service ] || systemctl -q enable $unit.service
done
`;
