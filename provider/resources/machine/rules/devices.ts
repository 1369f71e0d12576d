import { type Candidate, given, type Report, unique } from "./candidate";

export function deviceRules(machine: Candidate, report: Report): void {
  screenRules(machine, report);
  filesystemRules(machine, report);
  hostDeviceRules(machine, report);
  const { clock, consoles } = machine;
  if ((clock.offset === "timezone") !== (clock.timezone !== undefined))
    report(["clock", "timezone"], 'belongs to offset "timezone": set both, or neither');
  unique(
    clock.timers.map(({ name }) => name),
    (name, index, first) => report(["clock", "timers", index, "name"], `${name} is timers[${first}] already`),
  );
  if (consoles.filter((type) => type === "serial").length > 2)
    report(["consoles"], "have too many serial ones: 2 at most, for a machine has four serial ports");
}

/** VNC itself looks at no more. */
const longestVncPassword = 8;

function screenRules({ graphics, video }: Candidate, report: Report): void {
  if (graphics?.type === "vnc" && (graphics.password?.length ?? 0) > longestVncPassword)
    report(["graphics", "password"], "is longer than the 8 characters that VNC looks at; shorten it, or use spice");
  if (video === "qxl" && graphics?.type === "vnc")
    report(["video"], '"qxl" is made for spice; choose "virtio" or "vga" with vnc');
}

function filesystemRules({ filesystems, memoryBacking }: Candidate, report: Report): void {
  unique(
    filesystems.map(({ target }) => target),
    (target, index, first) =>
      report(["filesystems", index, "target"], `${target} is filesystems[${first}] already; choose another`),
  );
  filesystems.forEach(({ driver, readOnly, accessMode }, index) => {
    if (driver === "9p") return;
    const at = (key: string) => ["filesystems", index, key];
    if (memoryBacking?.shared !== true)
      report(at("driver"), '"virtiofs" needs memoryBacking: {shared: true}; set that, or choose "9p"');
    if (readOnly) report(at("readOnly"), 'needs driver "9p"; virtiofs has no read-only folders yet');
    if (accessMode !== undefined && accessMode !== "passthrough")
      report(at("accessMode"), `"${accessMode}" needs driver "9p"; virtiofs keeps owners as they are`);
  });
}

function hostDeviceRules({ hostDevices }: Candidate, report: Report): void {
  hostDevices.forEach((device, index) => {
    if (given(device, ["pci", "usb"]).length !== 1) report(["hostDevices", index], "must have either pci or usb");
  });
  for (const field of ["pci", "usb"] as const)
    unique(
      hostDevices.map((device) => device[field]),
      (value, index, first) =>
        report(["hostDevices", index, field], `${value} is hostDevices[${first}] already; name it once`),
    );
}
