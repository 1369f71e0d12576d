import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { parse, textOf } from "../../../provider/format/xml";
import { emulated, emulatedVcpus } from "../../../tools/demo/site";
import { createStack, type TestStack } from "../../pulumi/support";
import { runInGuest } from "./login";
import { debianIso, site } from "../../site";

const { connection, enter, host } = site();
const { libvirt, files } = host;

const ipv4 = { subnet: "172.16.1.0/24" };
const network = { interfaces: [{ addresses: ["172.16.1.10/24"], gateway: "172.16.1.1" }] };

/** A machine on two mirrored disks, whose answers and text of `reinstall` are given. */
const program = (source: object, system: object, reinstall: string) => `
  const lab = new kvm.Network("lab", { mode: "nat", ipv4: ${JSON.stringify(ipv4)} });
  const disks = ["first", "second"].map((name) => new kvm.Volume(name, { size: "4GiB", format: "raw" }));
  const iso = new kvm.InstallerIso("mirrored-iso", {
    source: ${JSON.stringify(source)},
    system: ${JSON.stringify({ ...emulated.system, network, disk: { layout: "raid1" }, ...system })},
    debian: ${JSON.stringify(emulated.debian)},
  });
  const machine = new kvm.Machine("mirrored", {
    memory: "1GiB", vcpus: ${emulatedVcpus}, firmware: "uefi", wait: "ssh", installer: iso.id, forceOff: true,
    reinstall: ${JSON.stringify(reinstall)},
    disks: disks.map(({ id }) => ({ volume: id, cache: "unsafe" })),
    nics: [{ network: lab.name, address: "172.16.1.10" }],
  });
  exports.ssh = machine.sshCommand;
  exports.knownHosts = machine.knownHosts;
`;

describe("a real machine on mirrored disks, by UEFI", () => {
  let stack: TestStack;
  let loginKey = "";
  let source = {};
  let rootKeys: readonly string[] = [];
  let hostKeys: unknown;
  let uuid = "";

  before(async () => {
    stack = await createStack({ connection, enter });
    loginKey = path.join(stack.folder, "login-key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", loginKey]);
    rootKeys = [readFileSync(`${loginKey}.pub`, "utf8").trim()];
    source = await debianIso(files);
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
  });

  const inGuest = (command: string) => runInGuest(stack, loginKey, command);

  async function imageOf(volume: string): Promise<string> {
    const image = textOf(parse((await libvirt.volume("default", volume)) ?? ""), "target/path");
    assert.ok(image !== undefined);
    return image;
  }

  it("is installed on both", async () => {
    await stack.program(program(source, { hostname: "before", rootKeys }, "first"));
    const { ok, text } = await stack.up();
    assert.ok(ok, text.slice(-3000));
    assert.match(await inGuest("cat /proc/mdstat"), /raid1 .*\n.*\[2\/2\] \[UU\]/);
    uuid = (await libvirt.find("domain", "mirrored"))?.uuid ?? "";
    hostKeys = (await stack.outputs())["knownHosts"];
  });

  it("has two EFI system partitions of the same content", async () => {
    // Either is mounted, because both have one UUID.
    const script = [
      "mkdir -p /tmp/other",
      "mounted=$(findmnt -no SOURCE /boot/efi)",
      "mount -o ro $(ls /dev/vda2 /dev/vdb2 | grep -v $mounted) /tmp/other",
      "diff -r /boot/efi /tmp/other",
      "find /tmp/other -name *.efi | wc -l",
      "umount /tmp/other",
    ];
    assert.notEqual(await inGuest(script.join(" && ")), "0");
  });

  it("starts from the second disk when the first one is replaced by an empty one", async () => {
    await libvirt.stop("domain", uuid);
    const image = await imageOf("first");
    execFileSync("fallocate", ["--punch-hole", "--offset", "0", "--length", String(4 * 2 ** 30), image]);
    await libvirt.start("domain", uuid);
    assert.match(await waitForLogin("cat /proc/mdstat"), /raid1 .*\n.*\[2\/1\] \[_U\]/);
  });

  it("is installed again over half an array, by the same keys and UUID", async () => {
    await stack.program(program(source, { hostname: "after", rootKeys }, "second"));
    const preview = await stack.preview();
    assert.match(
      preview.text,
      /which erases disks\[0\] \(default\/first: empty\), disks\[1\] \(default\/second: a GPT with 2 partitions \(RAID, EFI system\)\)/,
    );
    const { ok, text } = await stack.up();
    assert.ok(ok, text.slice(-3000));
    assert.equal(await inGuest("hostname"), "after");
    assert.match(await inGuest("cat /proc/mdstat"), /raid1 .*\n.*\[2\/2\] \[UU\]/);
    assert.equal((await libvirt.find("domain", "mirrored"))?.uuid, uuid);
    assert.deepEqual((await stack.outputs())["knownHosts"], hostKeys);
    assert.deepEqual((await stack.preview()).changes, { same: 6 });
  });

  async function waitForLogin(command: string): Promise<string> {
    const until = host.clock.now() + 5 * 60_000;
    for (;;) {
      try {
        return await inGuest(command);
      } catch (error) {
        if (host.clock.now() > until) throw error;
      }
      await host.clock.sleep(5_000);
    }
  }
});
