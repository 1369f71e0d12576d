import { each } from "../../../resource/known";
import { differ, eachIn, exactlyOne, type Rule, when, within } from "../../../resource/rules";
import type { MachineInputs } from "../schema/machine";

/** VNC checks no more characters than these. */
const longestVncPassword = 8;

export const deviceRules: readonly Rule<MachineInputs, MachineInputs>[] = [
  within("graphics", ({ type, password = "" }, report) => {
    if (type === "vnc" && password.length > longestVncPassword)
      report(["password"], "is longer than the 8 characters that VNC checks; shorten it, or use spice");
  }),
  ({ video, graphics }, report) => {
    if (video === "qxl" && graphics?.type === "vnc")
      report(["video"], '"qxl" is for spice; choose "virtio" or "vga" with vnc');
  },
  differ("filesystems", ["target"], (target, first) => `${target} is already filesystems[${first}]; choose another`),
  eachIn(
    "filesystems",
    when(
      ({ driver }) => driver === "virtiofs",
      (_, report, { memoryBacking }) => {
        if (memoryBacking?.shared !== true)
          report(["driver"], '"virtiofs" needs memoryBacking: {shared: true}; set that, or choose "9p"');
      },
      ({ readOnly }, report) => {
        if (readOnly) report(["readOnly"], 'needs driver "9p"; virtiofs has no read-only directories yet');
      },
      ({ accessMode = "passthrough" }, report) => {
        if (accessMode !== "passthrough")
          report(["accessMode"], `"${accessMode}" needs driver "9p"; virtiofs keeps owners as they are`);
      },
    ),
  ),
  eachIn("hostDevices", exactlyOne(["pci", "usb"], "must have either pci or usb")),
  differ("hostDevices", ["pci", "usb"], (value, first) => `${value} is already hostDevices[${first}]; name it once`),
  within(
    "clock",
    ({ offset, timezone }, report) => {
      if ((offset === "timezone") !== (timezone !== undefined))
        report(["timezone"], 'belongs to offset "timezone": set both, or neither');
    },
    differ("timers", ["name"], (name, first) => `${name} is already timers[${first}]`),
  ),
  ({ consoles }, report) => {
    if (each(consoles, (type) => type).filter((type) => type === "serial").length > 2)
      report(["consoles"], "have too many serial ones: 2 at most, because a machine has four serial ports");
  },
];
