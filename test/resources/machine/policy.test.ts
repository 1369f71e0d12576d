import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { changesBetween } from "../../../provider/resource/diff";
import { machinePolicies } from "../../../provider/resources/machine/policy";
import { machineInputs } from "../../../provider/resources/machine/schema";

const base = { connection: "qemu:///system", name: "m", memory: "1GiB" };
const nics = [{ network: "a" }, { network: "b" }];
const disks = [{ volume: "p/a" }, { volume: "p/b" }];

describe("what a change of a machine does", () => {
  for (const [what, before, after, expected] of [
    ["more memory up to the most", { maxMemory: "4GiB" }, { memory: "4GiB", maxMemory: "4GiB" }, ["memory live"]],
    ["less memory", { memory: "2GiB", maxMemory: "2GiB" }, { maxMemory: "2GiB" }, ["memory live"]],
    ["more memory than the most", {}, { memory: "2GiB" }, ["memory restart"]],
    ["less memory, which is then the most", { memory: "2GiB" }, {}, ["memory restart"]],
    ["more processors up to the most", { maxVcpus: 4 }, { vcpus: 3, maxVcpus: 4 }, ["vcpus live"]],
    ["fewer processors", { vcpus: 3, maxVcpus: 4 }, { maxVcpus: 4 }, ["vcpus restart"]],
    ["more processors than the most", {}, { vcpus: 2 }, ["vcpus restart"]],
    ["a disk more, in front", { disks: disks.slice(1) }, { disks }, ["disks[0] live"]],
    ["disks in another order", { disks }, { disks: [...disks].reverse() }, ["disks restart"]],
    ["a disk less", { disks }, { disks: disks.slice(1) }, ["disks[0] live"]],
    ["a part of a disk", { disks }, { disks: [disks[0], { ...disks[1], cache: "none" }] }, ["disks[1].cache restart"]],
    ["another medium", { cdroms: [{}] }, { cdroms: [{ medium: "/a.iso" }] }, ["cdroms[0].medium live"]],
    ["a NIC on another network", { nics }, { nics: [{ network: "c" }, nics[1]] }, ["nics[0] live", "nics[0] live"]],
    [
      "a NIC with a MAC address on another network",
      { nics: [{ network: "a", mac: "52:54:00:00:00:01" }] },
      { nics: [{ network: "b", mac: "52:54:00:00:00:01" }] },
      ["nics[0].network live"],
    ],
    ["a cable out", { nics }, { nics: [nics[0], { ...nics[1], link: "down" }] }, ["nics[1].link live"]],
    ["another firmware", {}, { firmware: "uefi" }, ["firmware restart"]],
    [
      "another firmware of an installed system",
      { installer: "/i.iso", disks },
      { installer: "/i.iso", disks, firmware: "uefi", secureBoot: true },
      ["firmware reinstall", "secureBoot reinstall"],
    ],
    ["another text", { reinstall: "a" }, { reinstall: "b" }, ["reinstall live"]],
    ["no text any more", { reinstall: "a" }, {}, ["reinstall setting"]],
    [
      "parts of the CPU",
      { cpu: { mode: "maximum", features: [{ name: "aes" }] } },
      { cpu: { mode: "maximum", features: [{ name: "aes", policy: "forbid" }, { name: "vmx" }] } },
      ["cpu.features[0].policy restart", "cpu.features[1] restart"],
    ],
    [
      "an overlay",
      { xml: { overlay: "<domain/>", text: "<domain/>" } },
      { xml: { overlay: "<domain><a/></domain>", text: "<domain><a/></domain>" } },
      ["xml.overlay digested", "xml.text restart"],
    ],
  ] as const) {
    it(`${what}: ${expected.join(", ")}`, () => {
      const changes = changesBetween(machineInputs, machinePolicies, { ...base, ...before }, { ...base, ...after });
      assert.deepEqual(
        changes.map(({ path, policy }) => `${path} ${policy}`),
        expected,
      );
    });
  }
});
