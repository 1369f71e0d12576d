import { attributeOf, el, type Element, withChild } from "../../../format/xml";
import { isInstallerLog } from "./consoles";
import { append, mapDevices } from "./part";

/** The drive of the installations, by the only name that libvirt lets others choose. */
const installerDrive = "ua-installer";

export function asInstallerDrive(drive: Element): Element {
  return append(drive, el("alias", { name: installerDrive }));
}

export function isInstallerDrive(device: Element): boolean {
  return device.name === "disk" && attributeOf(device, "alias", "name") === installerDrive;
}

/** The machine as it runs after its installation: the medium and the port of the installer's log are out. */
export function installed(domain: Element): Element {
  return mapDevices(domain, (device) => {
    if (isInstallerDrive(device)) return withChild(withChild(device, "source", undefined), "boot", undefined);
    return isInstallerLog(device) ? undefined : device;
  });
}
