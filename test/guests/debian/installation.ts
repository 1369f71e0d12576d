import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { attributeOf, childrenOf, find, parse, textOf } from "../../../provider/format/xml";
import { emulated, emulatedVcpus } from "../../../tools/demo/site";
import { createStack, type TestStack } from "../../pulumi/support";
import { runInGuest } from "./login";
import { debianIso, root, site } from "../../site";

const { connection, enter, host } = site();
const hasAnsible = spawnSync("ansible-playbook", ["--version"]).error === undefined;
const whyNoAnsible = hasAnsible ? false : "set-up could not get ansible-core";
const { libvirt, files } = host;

interface Variant {
  readonly firmware: "bios" | "uefi";
  readonly layout: "lvm" | "whole";
  /** Whether the program gives the host key, or kvm-deploy makes a key of each kind. */
  readonly hostKeys: "given" | "made";
}

/** examples/debian-minimal, from the ISO to a login. */
export function describeInstallation(variant: Variant): void {
  describe(`a whole installation of Debian by ${variant.firmware}`, () => installationBy(variant));
}

function installationBy({ firmware, layout, hostKeys }: Variant): void {
  let stack: TestStack;
  let loginKey = "";

  before(async () => {
    stack = await createStack({ connection, enter, project: path.join(root, "examples/debian-minimal") });
    loginKey = path.join(stack.folder, "login-key");
    const hostKey = path.join(stack.folder, "host-key");
    for (const key of [loginKey, hostKey]) execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    const debian = {
      ...emulated.debian,
      lateCommands: ["echo written-by-a-late-command > /target/etc/kvm-deploy-test"],
    };
    await stack.configure({
      source: JSON.stringify(await debianIso(files)),
      firmware,
      vcpus: String(emulatedVcpus),
      disk: JSON.stringify({ cache: "unsafe" }),
      system: JSON.stringify({ ...emulated.system, disk: { layout } }),
      debian: JSON.stringify(debian),
      rootKey: readFileSync(`${loginKey}.pub`, "utf8").trim(),
    });
    if (hostKeys === "given") await stack.configureSecret("hostKey", readFileSync(hostKey, "utf8"));
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
  });

  const inGuest = (command: string) => runInGuest(stack, loginKey, command);

  it("ends with a machine that answers by ssh, and has shown its stages", async () => {
    const { ok, text } = await stack.up();
    assert.ok(ok, text.slice(-3000));
    for (const stage of ["partitioning", "base system", "packages", "boot loader"]) {
      assert.match(text, new RegExp(`installing: ${stage}( \\d+ %)?, `));
    }
  });

  it("has the host keys that the stack names", async () => {
    const lines = String((await stack.outputs())["knownHosts"])
      .trimEnd()
      .split("\n");
    const named = lines.map((line) => line.replace("172.16.1.10 ", "")).sort();
    const inside = (await inGuest('cut -d" " -f1,2 /etc/ssh/ssh_host_*_key.pub')).split("\n").sort();
    if (hostKeys === "made") {
      assert.deepEqual(named, inside);
      const kinds = named.map((key) => key.split(" ")[0]);
      assert.deepEqual(kinds, ["ecdsa-sha2-nistp256", "ssh-ed25519", "ssh-rsa"]);
      return;
    }
    // Keys of other kinds are those of the server's package.
    const given = readFileSync(path.join(stack.folder, "host-key.pub"), "utf8").split(" ").slice(0, 2).join(" ");
    assert.deepEqual(named, [given]);
    assert.ok(inside.includes(given), inside.join("\n"));
  });

  it("has the name and the late command's file that the stack gave it", async () => {
    assert.equal(await inGuest("hostname -f"), "web.lab.example");
    assert.equal(await inGuest("cat /etc/kvm-deploy-test"), "written-by-a-late-command");
  });

  describe("in Ansible's hands", { skip: whyNoAnsible }, () => {
    it("is reached by the inventory of the stack", async () => {
      const { inventory } = await stack.outputs();
      const { status, output } = playbookOn(String(inventory));
      assert.equal(status, 0, output);
      assert.equal(await inGuest("cat /etc/by-ansible"), "web");
    });

    it("is not reached with another host key", async () => {
      const { inventory } = await stack.outputs();
      const other = readFileSync(`${loginKey}.pub`, "utf8").split(" ")[1] ?? "";
      const { status, output } = playbookOn(String(inventory).replace(/(?<=ssh-ed25519 )[\w+/=]+/, other));
      assert.equal(status, 4, output);
      assert.match(output, /Host key verification failed/);
    });
  });

  /** The new system has no Python: this task needs none. */
  function playbookOn(inventory: string): { status: number | null; output: string } {
    const at = (file: string) => path.join(stack.folder, file);
    const task = { "ansible.builtin.raw": "echo {{ inventory_hostname }} >/etc/by-ansible" };
    writeFileSync(at("playbook.yml"), JSON.stringify([{ hosts: "all", gather_facts: false, tasks: [task] }]));
    writeFileSync(at("inventory.yaml"), inventory);
    const command = ["ansible-playbook", "-i", at("inventory.yaml"), "--private-key", loginKey, at("playbook.yml")];
    const [program = "", ...args] = [...enter, ...command];
    // A connection that stays open would answer for an inventory with another host key.
    const ssh = { ANSIBLE_SSH_ARGS: "-o ControlMaster=no" };
    const env = { ...process.env, ...ssh, HOME: stack.folder, LC_ALL: "C.UTF-8" };
    const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: "utf8", timeout: 5 * 60_000 });
    return { status, output: stdout + stderr };
  }

  it("has its root on the layout that was asked for", async () => {
    assert.equal(
      (await inGuest("lsblk --noheadings --output TYPE $(findmnt -no SOURCE /)")) === "lvm",
      layout === "lvm",
    );
  });

  it("has left no installer with keys and passwords behind", async () => {
    const isos = await files.list(host.directories.isos);
    assert.deepEqual(
      isos.filter((file) => file.endsWith(".iso")),
      [],
    );
    assert.match(isos.join(), /\.iso\.installed\.json/);
  });

  it("runs on from its disk: the medium is out, and a reboot boots it again", async () => {
    const entry = await libvirt.find("domain", "web");
    const domain = parse((await libvirt.definition("domain", entry?.uuid ?? "")) ?? "");
    const cdrom = childrenOf(find(domain, "devices"), "disk").find(
      ({ attributes }) => attributes["device"] === "cdrom",
    );
    assert.ok(cdrom);
    assert.equal(attributeOf(cdrom, "source", "file"), undefined);
    assert.equal(textOf(domain, "on_reboot"), "restart");
    const boot = await inGuest("cat /proc/sys/kernel/random/boot_id");
    await inGuest("systemctl reboot").catch(() => undefined);
    await waitUntil(async () => (await inGuest("cat /proc/sys/kernel/random/boot_id").catch(() => boot)) !== boot);
  });

  it("shows no change in the next preview, nor after a refresh", async () => {
    assert.deepEqual((await stack.preview()).changes, { same: 5 });
    assert.deepEqual((await stack.refresh()).changes, { same: 5 });
    assert.deepEqual((await stack.preview()).changes, { same: 5 });
  });

  it("powers off by itself when it is destroyed, and nothing is left", async () => {
    const { ok, text } = await stack.destroy();
    assert.ok(ok, text);
    assert.equal(await libvirt.find("domain", "web"), undefined);
    assert.deepEqual(await files.list(host.directories.isos), []);
  });
}

async function waitUntil(isSo: () => Promise<boolean>): Promise<void> {
  const until = host.clock.now() + 3 * 60_000;
  while (!(await isSo())) {
    assert.ok(host.clock.now() < until, "it takes over three minutes");
    await host.clock.sleep(2_000);
  }
}
