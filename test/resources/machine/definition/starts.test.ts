import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import { attributeOf, childrenOf, type Element, find, parse, render, textOf } from "../../../../provider/format/xml";
import { updated } from "../../../../provider/resources/machine/definition/edit";
import { installed } from "../../../../provider/resources/machine/definition/installation";
import { machineXml } from "../../../../provider/resources/machine/definition/xml";
import { site } from "../../../site";
import { machineOf } from "../golden";
import { argumentsOfAll } from "../../../process-arguments";

const { libvirt } = site().host;
const password = "Gu3ss-me";

// Where the hypervisor's user can go, as it can't in a home.
const folder = mkdtempSync("/var/lib/kvm-deploy-starts-");
execFileSync("chmod", ["755", folder]);
mkdirSync(path.join(folder, "share"));
const fileOf = (name: string) => path.join(folder, name);
for (const name of ["raw", "other", "iso"]) writeFileSync(fileOf(name), Buffer.alloc(1 << 20));
execFileSync("qemu-img", ["create", "-q", "-f", "qcow2", fileOf("qcow2"), "1M"]);
after(() => {
  rmSync(folder, { recursive: true });
});

const machines = {
  "all kinds of disks, drives, consoles and folders, and a screen by spice": {
    memory: "128MiB",
    maxMemory: "256MiB",
    memoryBacking: { shared: true },
    vcpus: 2,
    maxVcpus: 4,
    cpu: { topology: { cores: 4 }, features: [{ name: "aes", policy: "disable" }] },
    numa: {
      cells: [
        { cpus: "0-1", memory: "128MiB" },
        { cpus: "2,3", memory: "128MiB" },
      ],
    },
    clock: { offset: "localtime", timers: [{ name: "rtc", tickPolicy: "catchup" }] },
    watchdog: {},
    disks: [
      {
        file: fileOf("qcow2"),
        format: "qcow2",
        iotune: { totalBytes: 1_000_000 },
        serial: "A1",
        cache: "none",
        io: "native",
      },
      { file: fileOf("raw"), bus: "scsi", readOnly: true },
      { file: fileOf("other"), bus: "usb", discard: "ignore", detectZeroes: "on" },
    ],
    cdroms: [{ medium: fileOf("iso") }, { bus: "scsi" }],
    graphics: { type: "spice", password },
    video: "qxl",
    sound: "ich9",
    consoles: ["serial", "virtio", "serial"],
    filesystems: [
      { source: fileOf("share"), target: "a" },
      { source: fileOf("share"), target: "b", driver: "9p", readOnly: true },
    ],
    xml: { overlay: '<domain><devices><panic model="isa"/></devices></domain>' },
  },
  "secure boot, a TPM and a screen by VNC": {
    memory: "128MiB",
    firmware: "uefi",
    secureBoot: true,
    tpm: {},
    cpu: { mode: "maximum" },
    graphics: { type: "vnc", password },
    sound: "ac97",
    watchdog: { action: "poweroff" },
    rng: "none",
  },
};

async function starting(domain: Element, look: () => void): Promise<Element> {
  const uuid = textOf(domain, "uuid") ?? "";
  await libvirt.define("domain", render(domain));
  try {
    await libvirt.start("domain", uuid);
    look();
    return parse((await libvirt.definition("domain", uuid)) ?? "");
  } finally {
    await libvirt.stop("domain", uuid);
    await libvirt.undefine("domain", uuid);
  }
}

describe("a machine starts", () => {
  for (const [title, given] of Object.entries(machines)) {
    it(`with ${title}; its password is no process's argument`, async () => {
      const { inputs, host } = machineOf({ name: "starts", ...given });
      await starting(machineXml(inputs, { ...host, consoleLogPath: fileOf("log") }), () => {
        const seen = argumentsOfAll();
        assert.match(seen, /guest=starts/);
        assert.ok(!seen.includes(password));
      });
    });
  }

  it("with the installer's medium, and without it after the installation", async () => {
    const { inputs, host: around } = machineOf({
      name: "starts",
      memory: "128MiB",
      disks: [{ file: fileOf("raw") }],
      cdroms: [{ medium: fileOf("iso") }],
    });
    const host = { ...around, consoleLogPath: fileOf("log") };
    const media = { iso: fileOf("iso"), log: fileOf("installer.log") };
    const present = await starting(machineXml(inputs, host, media), () => undefined);
    const after = await starting(installed(updated(present, inputs, host)), () => undefined);
    assert.deepEqual(
      childrenOf(find(after, "devices"), "disk").map((disk) => attributeOf(disk, "source", "file")),
      [fileOf("raw"), fileOf("iso"), undefined],
    );
  });
});
