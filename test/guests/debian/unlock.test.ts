import assert from "node:assert/strict";
import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import type { z } from "zod";
import { systemOptions } from "../../../provider/install/shared/system";
import { sealScripts, unlockFiles } from "../../../provider/install/shared/unlock/files";
import { scratchFolder } from "../../iso/host";
import { debianIso, root, site } from "../../site";
import { unpack } from "./packages";

const patienceMs = 15 * 60_000;

/** What an installed system binds its disk and makes its initial RAM disk with; the last ones are for the guest itself. */
const packages = [
  ...["clevis-luks", "clevis-tpm2", "clevis-initramfs", "cryptsetup-initramfs", "bash", "mawk", "sed", "grep"],
  ...["coreutils", "util-linux", "findutils", "gzip", "dash", "mount", "kmod", "udev", "libc-bin"],
  ...["busybox", "e2fsprogs", "dmsetup"],
];

/** What a shell, JSON, printf and a reader of lines would each change. */
const passphrase = String.raw`it's "a\b" $(reboot) %s `;

/** The guest puts the thumbprint of its own server in its place. */
const unknownThumbprint = "A".repeat(43);
const mac = "52:54:00:12:34:56";
/** QEMU's own network, whose router is the host. */
const nic = { mac, addresses: ["10.0.2.15/24"], gateway: "10.0.2.2", dns: ["10.0.2.3"] };

type Unlock = NonNullable<NonNullable<z.input<typeof systemOptions>["disk"]>["unlock"]>;

const ownServer = (port: number, thumbprint = unknownThumbprint) => ({ url: `http://127.0.0.1:${port}/`, thumbprint });

/** Each writes its arguments down, which every user could read. */
const watched = ["clevis", "clevis-luks-bind", "clevis-encrypt-tpm2", "clevis-encrypt-tang", "cryptsetup", "jose"];

const watcher = String.raw`#!/bin/sh
echo "$0 $*" >>/tmp/arguments
name=$(basename "$0")
[ ! -x "/usr/sbin/$name" ] || exec "/usr/sbin/$name" "$@"
exec "/usr/bin/$name" "$@"
`;

/** With Debian's own kernel, clevis and Tang, and a TPM of swtpm. */
describe("an encrypted disk that is bound by the hand-over's script", () => {
  const folder = scratchFolder();
  const file = (...names: string[]) => path.join(folder, ...names);
  const inTree = (...command: string[]) => execFileSync("chroot", [file("tree"), ...command], { encoding: "utf8" });
  let tang: { readonly port: number; readonly stop: () => void };

  before(async () => {
    const media = path.dirname((await debianIso(site().host.files)).path);
    mkdirSync(file("tree"));
    await unpack(path.join(media, "mirror/debian"), packages, ["tang-common"], file("tree"));
    inTree("ldconfig");
    execFileSync("ln", ["-sf", "mawk", file("tree/usr/bin/awk")]);
    execFileSync("mknod", ["-m", "666", file("tree/dev/null"), "c", "1", "3"]);
    tang = await startTang();
    writeFileSync(file("disk"), "");
    truncateSync(file("disk"), 64 * 2 ** 20);
  });
  after(() => tang.stop());

  it("takes a TPM and Tang servers that are trusted, and the script reports what it can't do", async (t) => {
    addCases(serverOf(tang.port));
    writeFileSync(file("first"), archiveOf("tree"));
    const told = await boot("first", "rdinit=/test/init", { tpm: true, network: true });
    for (const [line] of told.matchAll(/^case: .*$/gm)) t.diagnostic(line);
    assert.match(told, /^all cases were run$/m, told.slice(-4000));
    assert.doesNotMatch(told, /^case: .*BAD/m, told.slice(-8000));
    assert.equal([...told.matchAll(/^case: .*: fine$/gm)].length, 33, told.slice(-4000));
  });

  it("is opened before the system starts, by Debian's own initial RAM disk and the TPM", async () => {
    makeInitialRamDisk();
    tang.stop();
    const args = "root=/dev/mapper/crypt cryptopts=source=/dev/vda,target=crypt,luks";
    const told = await boot("second", args, { tpm: true, network: true });
    assert.match(told, /^started from \/dev\/mapper\/crypt$/m, told.slice(-4000));
  });

  async function boot(initrd: string, args: string, devices: { readonly tpm: boolean; readonly network: boolean }) {
    const tpm = devices.tpm ? await startTpm() : undefined;
    const options = [
      ...["-M", "q35", "-accel", "tcg", "-cpu", "max", "-m", "1536", "-nodefaults", "-display", "none", "-no-reboot"],
      ...["-serial", `file:${file("serial")}`, "-drive", `if=virtio,format=raw,cache=unsafe,file=${file("disk")}`],
      ...(tpm === undefined ? [] : ["-chardev", `socket,id=tpm,path=${file("tpm.sock")}`]),
      ...(tpm === undefined ? [] : ["-tpmdev", "emulator,id=tpm,chardev=tpm", "-device", "tpm-crb,tpmdev=tpm"]),
      ...(devices.network ? ["-netdev", "user,id=net", "-device", `virtio-net-pci,netdev=net,mac=${mac}`] : []),
      ...["-kernel", globSync(file("tree/boot/vmlinuz-*"))[0] ?? "", "-initrd", file(initrd)],
      ...["-append", `console=ttyS0 no_timer_check norandmaps panic=-1 net.ifnames=0 quiet ${args}`],
    ];
    const told = () => readFileSync(file("serial"), "latin1").replaceAll("\r", "");
    try {
      await promisify(execFile)("qemu-system-x86_64", options, { timeout: patienceMs });
    } catch (error) {
      throw new Error(`the guest did not end:\n${told().slice(-4000)}`, { cause: error });
    } finally {
      tpm?.kill();
    }
    return told();
  }

  async function startTpm() {
    mkdirSync(file("tpm"), { recursive: true });
    rmSync(file("tpm.sock"), { force: true });
    const args = ["--tpm2", "--tpmstate", `dir=${file("tpm")}`, "--ctrl", `type=unixio,path=${file("tpm.sock")}`];
    const swtpm = spawn("swtpm", ["socket", ...args, "--terminate"], { stdio: "ignore" });
    await once(swtpm, "spawn");
    while (!existsSync(file("tpm.sock"))) await setTimeout(50);
    return swtpm;
  }

  /** On the host, where the guest's initial RAM disk has to reach it. */
  async function startTang() {
    mkdirSync(file("tree/keys"));
    execFileSync("chroot", [file("tree"), "/usr/libexec/tangd-keygen", "/keys"], { stdio: "ignore" });
    const port = await freePort();
    const server = spawn("chroot", [file("tree"), "/usr/libexec/tangd", "-l", "-p", String(port), "/keys"], {
      stdio: "ignore",
    });
    await once(server, "spawn");
    return { port, stop: () => server.kill() };
  }

  function serverOf(port: number) {
    const find =
      'for key in /keys/*.jwk; do ! jose jwk use -i "$key" -r -u verify -o /dev/null || jose jwk thp -i "$key" -a S256; done';
    const thumbprint = inTree("sh", "-c", `${find} 2>/dev/null`).trim();
    return { url: `http://10.0.2.2:${port}`, thumbprint };
  }

  function add(name: string, content: string | Uint8Array): void {
    mkdirSync(path.dirname(file("tree", name)), { recursive: true });
    writeFileSync(file("tree", name), content, { mode: 0o755 });
  }

  function addCases(host: { readonly url: string; readonly thumbprint: string }): void {
    const cases: Readonly<Record<string, Unlock>> = {
      tpm: { tpm2: true },
      pcr: { tpm2: { pcrs: [7] } },
      tang: { tang: [ownServer(7500)] },
      both: { tpm2: true, tang: [ownServer(7500)], threshold: 2 },
      foreign: { tang: [ownServer(7500, "B".repeat(43))] },
      away: { tang: [ownServer(7501)] },
      either: { tpm2: true, tang: [host] },
    };
    add("test/init", readFileSync(path.join(root, "test/guests/debian/unlock.sh")));
    add("test/passphrase", passphrase);
    add("test/bin/update-initramfs", '#!/bin/sh\necho "$*" >>/etc/initramfs-tools/updated\n');
    add("test/watched", watcher);
    for (const name of watched) {
      mkdirSync(file("tree/test/bin"), { recursive: true });
      execFileSync("ln", ["-s", "/test/watched", file("tree/test/bin", name)]);
    }
    for (const [name, unlock] of Object.entries(cases)) {
      const disk = { layout: "encrypted", passphrase, unlock };
      const system = systemOptions.parse({ disk, network: { interfaces: [nic] } });
      for (const one of unlockFiles(system)) add(`test/cases/${name}/${one.path}`, one.content);
      for (const script of sealScripts(system.disk)) add(`test/cases/${name}/seal`, script);
    }
  }

  function archiveOf(tree: string): Buffer {
    const pack =
      "find . -path ./boot -prune -o -path ./keys -prune -o -print | cpio -o -H newc --quiet -R 0:0 | gzip -1";
    return execFileSync("sh", ["-c", pack], { cwd: file(tree), maxBuffer: 2 ** 29 });
  }

  /** By Debian's own programs and hooks, with the setting that the script has written in the guest. */
  function makeInitialRamDisk(): void {
    const [version = ""] = globSync("*", { cwd: file("tree/usr/lib/modules") });
    add("etc/fstab", "/dev/mapper/crypt / ext4 defaults 0 1\n");
    add("etc/initramfs-tools/conf.d/test", "COMPRESS=gzip\nRESUME=none\n");
    add("etc/initramfs-tools/conf.d/kvm-deploy-unlock", "IP=10.0.2.15::10.0.2.2:255.255.255.0::eth0:off:10.0.2.3\n");
    const command = `mount -t proc proc /proc && mount -t devtmpfs dev /dev && depmod ${version} && mkinitramfs -o /second ${version}`;
    execFileSync("unshare", ["--mount", "chroot", file("tree"), "sh", "-c", command], {
      env: { PATH: "/usr/sbin:/usr/bin" },
      stdio: "inherit",
    });
    execFileSync("mv", [file("tree/second"), file("second")]);
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
