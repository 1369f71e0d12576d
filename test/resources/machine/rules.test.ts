import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { machineInputs } from "../../../provider/resources/machine/schema";

const base = { memory: "1GiB", disks: [{ volume: "p/disk0" }], nics: [{ network: "unit" }] };

describe("a machine's rules", () => {
  const problems = (given: object) =>
    machineInputs
      .safeParse({ ...base, name: "m", ...given })
      .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
  for (const [given, expected] of [
    [
      { disks: [{ volume: "p/a" }, { volume: "p/a" }] },
      "disks.1.volume: p/a is already disks[0]; name each volume once",
    ],
    [
      {
        nics: [
          { network: "n", address: "10.0.0.1" },
          { network: "n", address: "10.0.0.1" },
        ],
      },
      "nics.1.address: 10.0.0.1 is already given to nics[0]; choose another",
    ],
    [
      {
        nics: [
          { network: "n", mac: "52:54:00:00:00:AA" },
          { network: "m", mac: "52:54:00:00:00:aa" },
        ],
      },
      "nics.1.mac: 52:54:00:00:00:aa is already given to nics[0]; choose another",
    ],
    [{ disks: [], installer: "/i.iso" }, "disks: is empty, but an installation needs a disk"],
    [{ nics: [], wait: "ssh" }, 'wait: "ssh" needs a network interface; add one to nics, or wait for "installed"'],
    [{ memory: "1000000KiB" }, "memory: 1000000KiB is not a whole number of MiB; round it up"],
    [{ maxMemory: "512MiB" }, "maxMemory: 512MiB is less than memory, 1GiB; raise it or remove it"],
    [{ vcpus: 4, maxVcpus: 2 }, "maxVcpus: 2 is less than vcpus, 4; raise it or remove it"],
    [
      { vcpus: 2, maxVcpus: 4, cpu: { topology: { cores: 2 } } },
      "cpu.topology: gives 2 CPUs, but the machine has 4; sockets × dies × cores × threads must be 4",
    ],
    [{ cpu: { mode: "custom" } }, 'cpu.model: is missing: mode "custom" needs one, such as "Skylake-Server"'],
    [{ cpu: { model: "Nehalem" } }, 'cpu.model: can only be set with mode "custom"; remove it or change the mode'],
    [{ secureBoot: true }, 'secureBoot: needs firmware "uefi"; set that, or remove this'],
    [{ numa: { mode: "strict" } }, "numa.mode: needs hostNodes; add them or remove this"],
    [
      { numa: { cells: [{ cpus: "0", memory: "512MiB" }] } },
      "numa.cells: have 512MiB of memory, but the machine has 1GiB",
    ],
    [
      { vcpus: 2, numa: { cells: [{ cpus: "0,2", memory: "1GiB" }] } },
      "numa.cells: must have each of the CPUs 0 to 1 once, but have 0, 2",
    ],
    [{ numa: { hostNodes: "0-" } }, 'numa.hostNodes: "0-" is not a list of numbers; write it like "0-3,6"'],
    [{ disks: [{}] }, "disks.0.volume: is missing: give the id of a Volume, or a file on the host"],
    [{ disks: [{ volume: "p/a", file: "/a" }] }, "disks.0.file: can't be set together with volume; remove one of them"],
    [
      { disks: [{ volume: "p/a", io: "native" }] },
      'disks.0.io: "native" needs cache "none" or "directsync"; set one of those, or another io',
    ],
    [
      { disks: [{ volume: "p/a", iotune: { totalBytes: 1, readBytes: 1 } }] },
      "disks.0.iotune.totalBytes: can't be set together with readBytes; remove one of them",
    ],
    [{ disks: [{ volume: "p/a", iotune: {} }] }, "disks.0.iotune: limits nothing; set one of its keys, or remove it"],
    [
      { disks: [{ volume: "p/a", bootOrder: 1 }], cdroms: [{ bootOrder: 1 }] },
      "cdroms.0.bootOrder: 1 is already the place of disks[0]; choose another",
    ],
    [{ nics: [{}] }, "nics.0.network: is missing: give a network, or a bridge or device of the host"],
    [
      { nics: [{ network: "n", device: "eth0" }] },
      "nics.0.device: can't be set together with network; remove one of them",
    ],
    [{ nics: [{ bridge: "br0", portgroup: "p" }] }, "nics.0.portgroup: needs a network; set network, or remove this"],
    [{ nics: [{ network: "n", mode: "vepa" }] }, "nics.0.mode: says how device is shared; set device, or remove this"],
    [
      { nics: [{ network: "n", queues: 2, model: "e1000" }] },
      'nics.0.queues: can only be set with model "virtio", not "e1000"; remove it or change the model',
    ],
    [
      { nics: [{ network: "n", mac: "01:00:5e:00:00:01" }] },
      "nics.0.mac: 01:00:5e:00:00:01 is the address of a group; choose one that starts with 52:54:00",
    ],
    [
      { nics: [{ network: "n", mac: "52-54-00-00-00-01" }] },
      'nics.0.mac: "52-54-00-00-00-01" is not a MAC address; write it like "52:54:00:12:34:56"',
    ],
    [
      { nics: [{ network: "n", bandwidth: {} }] },
      "nics.0.bandwidth: limits nothing; set inbound or outbound, or remove it",
    ],
    [
      { graphics: { type: "vnc", password: "123456789" } },
      "graphics.password: is longer than the 8 characters that VNC checks; shorten it, or use spice",
    ],
    [
      { graphics: { type: "vnc", listen: "localhost" } },
      'graphics.listen: "localhost" is not an IP address; write it like "127.0.0.1", or "0.0.0.0" for all',
    ],
    [
      { watchdog: { model: "ib700" } },
      'watchdog.model: "ib700" needs a machine with an ISA bus, and kvm-deploy creates machines of type q35, without one; use "i6300esb"',
    ],
    [{ graphics: { type: "vnc" }, video: "qxl" }, 'video: "qxl" is for spice; choose "virtio" or "vga" with vnc'],
    [{ clock: { timezone: "Europe/Berlin" } }, 'clock.timezone: belongs to offset "timezone": set both, or neither'],
    [{ clock: { timers: [{ name: "rtc" }, { name: "rtc" }] } }, "clock.timers.1.name: rtc is already timers[0]"],
    [
      { consoles: ["serial", "serial", "serial"] },
      "consoles: have too many serial ones: 2 at most, because a machine has four serial ports",
    ],
    [
      { filesystems: [{ source: "/a", target: "a" }] },
      'filesystems.0.driver: "virtiofs" needs memoryBacking: {shared: true}; set that, or choose "9p"',
    ],
    [
      { memoryBacking: { shared: true }, filesystems: [{ source: "/a", target: "a", readOnly: true }] },
      'filesystems.0.readOnly: needs driver "9p"; virtiofs has no read-only directories yet',
    ],
    [
      { memoryBacking: { shared: true }, filesystems: [{ source: "/a", target: "a", accessMode: "mapped" }] },
      'filesystems.0.accessMode: "mapped" needs driver "9p"; virtiofs keeps owners as they are',
    ],
    [
      {
        filesystems: [
          { source: "/a", target: "a", driver: "9p" },
          { source: "/b", target: "a", driver: "9p" },
        ],
      },
      "filesystems.1.target: a is already filesystems[0]; choose another",
    ],
    [{ hostDevices: [{}] }, "hostDevices.0: must have either pci or usb"],
    [
      { hostDevices: [{ usb: "046d:c52b" }, { usb: "046d:c52b" }] },
      "hostDevices.1.usb: 046d:c52b is already hostDevices[0]; name it once",
    ],
    [
      { hostDevices: [{ pci: "03:00.0" }] },
      'hostDevices.0.pci: "03:00.0" is not a PCI address; write it as lspci -D does, like "0000:03:00.0"',
    ],
    [{ xml: {} }, "xml: must have either overlay or template"],
    [{ xml: { overlay: "<domain/>", table: "t" } }, "xml.table: belongs to a template; set template, or remove this"],
    [
      { installTimeout: "soon" },
      'installTimeout: "soon" is not a time span; write a whole number with s, m or h, such as "10m"',
    ],
  ] as const) {
    it(expected, () => assert.deepEqual(problems(given), [expected]));
  }
});
