import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { attributeOf, childrenOf, el, type Element, find, parse, render, textOf } from "../../../provider/format/xml";
import { canRunKvm } from "../../../provider/libvirt/capabilities";
import { readMark, withMark } from "../../../provider/libvirt/mark";
import { elapsed } from "../../../provider/resources/machine/await";
import { installed, updated } from "../../../provider/resources/machine/edit";
import { macsOf, uuidOf } from "../../../provider/resources/machine/identity";
import { nothingYet, planCreate } from "../../../provider/resources/machine/plan";
import { readMachine } from "../../../provider/resources/machine/read";
import { machineInputs } from "../../../provider/resources/machine/schema";
import { knownHostsOf, offersKey, sshCommandOf } from "../../../provider/resources/machine/ssh";
import { machineXml, type Surroundings } from "../../../provider/resources/machine/xml";
import { site } from "../../site";

const { host } = site();
const { libvirt } = host;

const urn = "urn:pulumi:test::test::kvm::machine-unit";
const surroundings = (name: string, images = 1, macs = ["52:54:00:00:00:01"]): Surroundings => ({
  uuid: uuidOf("unit", `${urn}-${name}`),
  domainType: "qemu",
  images: Array.from({ length: images }, (_, index) => ({ path: `/unit/disk${index}.img`, format: "raw" })),
  macs,
  consoleLog: "/unit/console.log",
});
const base = { memory: "1GiB", disks: [{ volume: "p/disk0" }], nics: [{ network: "unit" }] };
const media = { iso: "/unit/installer.iso", log: "/unit/installer.log" };

/** What libvirt keeps of a definition: addresses, defaults and all. */
async function throughLibvirt(domain: Element): Promise<Element> {
  const uuid = textOf(domain, "uuid") ?? "";
  await libvirt.define("domain", render(domain));
  try {
    return parse((await libvirt.definition("domain", uuid)) ?? "");
  } finally {
    await libvirt.undefine("domain", uuid);
  }
}

const devicesOf = (domain: Element, name: string) => childrenOf(find(domain, "devices"), name);

describe("a machine's definition", () => {
  const cases = {
    plain: base,
    uefi: { ...base, firmware: "uefi" },
    "many devices": {
      ...base,
      vcpus: 4,
      disks: [
        { volume: "p/disk0", cache: "none" },
        { volume: "p/disk1", bus: "sata" },
        { volume: "p/disk2", bus: "scsi" },
      ],
      nics: [{ network: "unit" }, { network: "unit", mac: "52:54:00:00:00:02" }],
      domainType: "qemu",
    },
    "nothing but memory": { memory: "64MiB" },
  };
  for (const [name, given] of Object.entries(cases)) {
    it(`of ${name} is accepted by libvirt, and reads back as what was asked for`, async () => {
      const inputs = machineInputs.parse({ ...given, name: `unit-${name.replaceAll(" ", "-")}` });
      const macs = inputs.nics.map((_, index) => `52:54:00:00:00:0${index + 1}`);
      const around = surroundings(name, inputs.disks.length, macs);
      const kept = await throughLibvirt(machineXml(inputs, around));
      const volumePaths = Object.fromEntries(
        inputs.disks.map(({ volume }, index) => [volume, around.images[index]?.path ?? ""]),
      );
      assert.deepEqual(
        JSON.parse(JSON.stringify(readMachine(kept, { inputs, known: { volumePaths, macAddresses: macs } }, true))),
        JSON.parse(JSON.stringify(inputs)),
      );
    });
  }

  it("while it is installed boots the medium first, ends at a reboot and has a port for the log", async () => {
    const inputs = machineInputs.parse({ ...base, name: "unit-installing" });
    const domain = await throughLibvirt(machineXml(inputs, surroundings("installing"), media));
    const boots = devicesOf(domain, "disk").map((disk) => [
      disk.attributes["device"],
      attributeOf(disk, "boot", "order"),
    ]);
    assert.deepEqual(boots, [
      ["disk", "2"],
      ["cdrom", "1"],
    ]);
    assert.equal(textOf(domain, "on_reboot"), "destroy");
    assert.deepEqual(
      devicesOf(domain, "serial").map((serial) => attributeOf(serial, "source", "path")),
      ["/unit/console.log", media.log],
    );
  });

  it("after the installation has the medium out, and its devices where they were", async () => {
    const inputs = machineInputs.parse({ ...base, name: "unit-installed" });
    const before = await throughLibvirt(machineXml(inputs, surroundings("installed"), media));
    const after = await throughLibvirt(installed(updated(before, inputs, surroundings("installed"))));
    const [disk, cdrom] = devicesOf(after, "disk");
    assert.equal(attributeOf(disk, "boot", "order"), "1");
    assert.equal(find(cdrom, "source"), undefined);
    assert.equal(textOf(after, "on_reboot"), "restart");
    assert.equal(devicesOf(after, "serial").length, 1);
    assert.deepEqual(
      find(devicesOf(after, "interface")[0], "address"),
      find(devicesOf(before, "interface")[0], "address"),
    );
  });
});

describe("an update edits the present definition", () => {
  const inputs = machineInputs.parse({ ...base, name: "unit-edit" });
  const change = (given: object, images = 1, macs?: string[]) =>
    updated(
      machineXml(inputs, surroundings("edit")),
      machineInputs.parse({ ...inputs, ...given }),
      surroundings("edit", images, macs),
    );

  it("of memory, processors and type", () => {
    const domain = change({ memory: "2GiB", vcpus: 3, domainType: "kvm" });
    assert.deepEqual(
      [textOf(domain, "memory"), textOf(domain, "currentMemory"), textOf(domain, "vcpu")],
      ["2097152", "2097152", "3"],
    );
    assert.equal(domain.attributes["type"], "kvm");
  });

  it("adds a disk under the next free name", () => {
    const domain = change({ disks: [...inputs.disks, { volume: "p/disk1" }] }, 2);
    assert.deepEqual(
      devicesOf(domain, "disk").map((disk) => attributeOf(disk, "target", "dev")),
      ["vda", "vdb"],
    );
  });

  it("takes a disk away", () => assert.deepEqual(devicesOf(change({ disks: [] }, 0), "disk"), []));

  it("puts a disk on another bus", () => {
    const [disk] = devicesOf(change({ disks: [{ volume: "p/disk0", bus: "sata" }] }), "disk");
    assert.deepEqual(find(disk, "target")?.attributes, { dev: "sda", bus: "sata" });
  });

  it("adds and takes away NICs by their MAC addresses", () => {
    const nics = [{ network: "unit" }, { network: "other" }];
    assert.equal(devicesOf(change({ nics }, 1, ["52:54:00:00:00:01", "52:54:00:00:00:09"]), "interface").length, 2);
    assert.equal(devicesOf(change({ nics: [] }, 1, []), "interface").length, 0);
  });

  it("keeps what isn't modelled", () => {
    const present = machineXml(inputs, surroundings("edit"));
    const foreign = { ...present, children: [...present.children, el("description", {}, "by hand")] };
    assert.equal(textOf(updated(foreign, inputs, surroundings("edit")), "description"), "by hand");
  });
});

describe("what is left of a create that was cut off", () => {
  const installs = { installer: "/i.iso", wait: "ssh" } as const;
  const all = [
    "reserve-addresses",
    "define",
    "start-installation",
    "await-installation",
    "finish-installation",
    "set-autostart",
    "start",
    "await-ssh",
  ];
  for (const [name, progress, expected] of [
    ["nothing yet: all of it", nothingYet, all],
    [
      "defined, not started",
      { phase: "installing", isActive: false, isInstalled: false },
      all.filter((step) => step !== "define"),
    ],
    [
      "installing",
      { phase: "installing", isActive: true, isInstalled: false },
      all.filter((step) => !["define", "start-installation"].includes(step)),
    ],
    [
      "installed and off",
      { phase: "installing", isActive: false, isInstalled: true },
      all.filter((step) => !["define", "start-installation"].includes(step)),
    ],
    [
      "ready",
      { phase: "ready", isActive: true, isInstalled: true },
      ["reserve-addresses", "set-autostart", "start", "await-ssh"],
    ],
  ] as const) {
    it(name, () => assert.deepEqual(planCreate(installs, progress), expected));
  }

  it("without an installer nothing is installed", () => {
    const steps = planCreate({ wait: "none" }, nothingYet);
    assert.deepEqual(steps, ["reserve-addresses", "define", "set-autostart", "start"]);
  });
});

describe("identity", () => {
  it("is the same for the same resource, and another for another host", () => {
    assert.equal(uuidOf("a", urn), uuidOf("a", urn));
    assert.notEqual(uuidOf("a", urn), uuidOf("b", urn));
    assert.match(uuidOf("a", urn), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("a NIC keeps its MAC address when one before it comes or goes", () => {
    const [first, second] = macsOf({ nics: [{ network: "a" }, { network: "b" }] }, urn);
    assert.deepEqual(macsOf({ nics: [{ network: "b" }] }, urn), [second]);
    assert.notEqual(macsOf({ nics: [{ network: "a" }, { network: "a" }] }, urn)[1], first);
    assert.deepEqual(macsOf({ nics: [{ network: "a", mac: "52:54:00:00:00:07" }] }, urn), ["52:54:00:00:00:07"]);
  });

  it("the mark tells owner and phase, and other metadata stays", () => {
    const domain = el("domain", {}, el("metadata", {}, el("other:x")));
    const marked = withMark(withMark(domain, { owner: urn, phase: "installing" }), { owner: urn, phase: "ready" });
    assert.deepEqual(readMark(marked), { owner: urn, phase: "ready" });
    assert.equal(childrenOf(find(marked, "metadata")).length, 2);
    assert.equal(readMark(domain), undefined);
  });
});

describe("ssh", () => {
  const key = "ssh-ed25519 AAAAkey";
  it("the command carries the host key, and asks as usual without one", () => {
    assert.match(
      sshCommandOf("10.0.0.1", "root", ["ssh-rsa BBBB", key]) ?? "",
      /KnownHostsCommand=\/bin\/echo 10\.0\.0\.1 ssh-ed25519 AAAAkey'.* root@10\.0\.0\.1$/,
    );
    assert.equal(sshCommandOf("10.0.0.1", "admin", []), "ssh admin@10.0.0.1");
    assert.equal(sshCommandOf(undefined, "root", [key]), undefined);
  });

  it("known hosts are a line for each address and key", () =>
    assert.equal(knownHostsOf(["a", "b"], [key]), `a ${key}\nb ${key}\n`));

  it("a scan shows the key, another one, or none", () => {
    assert.equal(offersKey("# banner\n10.0.0.1 ssh-ed25519 AAAAkey\n", [key]), true);
    assert.equal(offersKey("10.0.0.1 ssh-ed25519 other\n", [key]), false);
    assert.equal(offersKey("10.0.0.1 ssh-ed25519 other\n", []), true);
    assert.equal(offersKey("", [key]), undefined);
  });

  it("times are told as people tell them", () =>
    assert.deepEqual([elapsed(9_400), elapsed(125_000)], ["9 s", "2 min 5 s"]));
});

describe("hardware virtualisation", () => {
  const capabilities = (feature: string, type: string) =>
    `<capabilities><host><cpu><arch>x86_64</arch><feature name='${feature}'/></cpu></host><guest><arch name='x86_64'><domain type='qemu'/><domain type='${type}'/></arch></guest></capabilities>`;
  it("needs both the CPU's extension and libvirt's offer", () => {
    assert.equal(canRunKvm(capabilities("svm", "kvm")), true);
    assert.equal(canRunKvm(capabilities("vmx", "kvm")), true);
    assert.equal(canRunKvm(capabilities("sse4.2", "kvm")), false);
    assert.equal(canRunKvm(capabilities("vmx", "qemu")), false);
  });
});

describe("a machine's rules", () => {
  const problems = (given: object) =>
    machineInputs
      .safeParse({ ...base, name: "m", ...given })
      .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
  for (const [given, expected] of [
    [
      { disks: [{ volume: "p/a" }, { volume: "p/a" }] },
      "disks.1.volume: p/a is disks[0] already; name each volume once",
    ],
    [
      {
        nics: [
          { network: "n", address: "10.0.0.1" },
          { network: "n", address: "10.0.0.1" },
        ],
      },
      "nics.1.address: 10.0.0.1 is given to nics[0] already; choose another",
    ],
    [
      {
        nics: [
          { network: "n", mac: "52:54:00:00:00:AA" },
          { network: "m", mac: "52:54:00:00:00:aa" },
        ],
      },
      "nics.1.mac: 52:54:00:00:00:aa is given to nics[0] already; choose another",
    ],
    [{ disks: [], installer: "/i.iso" }, "disks: is empty: an installation needs a disk"],
    [{ nics: [], wait: "ssh" }, 'wait: "ssh" needs a network interface; add one to nics, or wait for "none"'],
    [
      { installTimeout: "soon" },
      'installTimeout: "soon" is not a time span; write a whole number with s, m or h, such as "10m"',
    ],
  ] as const) {
    it(expected, () => assert.deepEqual(problems(given), [expected]));
  }
});
