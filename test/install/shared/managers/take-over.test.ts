import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import type { z } from "zod";
import { deliveryScript, handOverFiles, handOverFolder } from "../../../../provider/install/shared/hand-over";
import { systemOptions } from "../../../../provider/install/shared/system";
import { scratchFolder } from "../../../iso/host";
import { makeKeyPair } from "../keys";
import { deliver, type Delivered } from "../new-system";
import { makeRsaPair } from "../rsa";

type Given = z.input<typeof systemOptions>;
type HandOver = NonNullable<Given["handOver"]>;

const mark = "kvm-deploy: installed 0123456789abcdef";
const pair = makeRsaPair();
const { publicKey } = makeKeyPair("-t", "ed25519");

/** @param first shell lines that make what the installer would have installed; they run before the hand-over */
function handOver(given: Given, { first = "", then = "true" } = {}): Delivered {
  return deliver(
    handOverFiles(systemOptions.parse(given), mark),
    ({ folder, target }) => {
      // As in an installer, the new system has devices.
      const prepare = `mount --rbind /dev ${target}/dev\nchroot ${target} sh -ec '${first}'\n`;
      const places = { folder: `${folder}/${handOverFolder}`, target, prepare };
      return deliveryScript(places);
    },
    then,
  );
}

/** A program and its unit, as a package brings them. */
function installed(program: string, unit = program): string {
  const service = String.raw`[Service]\nExecStart=/usr/bin/${program}\n[Install]\nWantedBy=multi-user.target\n`;
  return `printf "#!/bin/sh\\n" >/usr/bin/${program}; chmod 755 /usr/bin/${program}
mkdir -p /usr/lib/systemd/system; printf "${service}" >/usr/lib/systemd/system/${unit}.service`;
}

const wants = "etc/systemd/system/multi-user.target.wants";

it("a file of the user's directory is not overwritten by an option's: both are refused", () => {
  const salt: HandOver["salt"] = { id: "web.lab", config: { minion_id: "other" } };
  assert.throws(() => handOverFiles(systemOptions.parse({ handOver: { salt } }), mark), {
    message:
      "system.handOver: the file /etc/salt/minion_id of its directory is also written by another option. Remove the file from the directory, or the option",
  });
});

describe("the hand-over to Salt", () => {
  const salt: HandOver["salt"] = {
    master: "salt.example",
    id: "web.lab",
    grains: { tier: "front" },
    key: pair.privateKey,
    config: { "minion.d/log.conf": "log_level: info\n", "a file": "x\n" },
    state: { "web/init.sls": "{}\n" },
  };

  it("writes what the minion reads, for root only, and starts it with the system", () => {
    const made = handOver(
      { handOver: { salt } },
      { first: installed("salt-minion"), then: `test -L /${wants}/salt-minion.service` },
    );
    assert.equal(made.serial, `\n${mark}\n`, made.output);
    assert.equal(made.exitCode, 0);
    assert.equal(made.read("etc/salt/minion_id"), "web.lab\n");
    assert.equal(made.read("etc/salt/pki/minion/minion.pem"), pair.privateKey);
    assert.equal(made.read("etc/salt/pki/minion/minion.pub"), pair.publicKey);
    assert.equal(made.read("etc/salt/a file"), "x\n");
    for (const file of ["pki/minion/minion.pem", "minion.d/kvm-deploy.conf", "minion.d/log.conf"])
      assert.equal(made.modeOf(`etc/salt/${file}`), "600", file);
    assert.equal(made.read("srv/salt/web/init.sls"), "{}\n");
    assert.match(made.read("etc/systemd/system/salt-minion.service.d/kvm-deploy.conf"), /^OnFailure=kvm-deploy-hand/m);
    assert.ok(!made.isThere("var/lib/kvm-deploy-setup"));
  });

  it("replaces the files of a package, with the modes of the hand-over", () => {
    const first = `${installed("salt-minion")}; mkdir -p /etc/salt; echo old >/etc/salt/minion_id; chmod 644 /etc/salt/minion_id`;
    const made = handOver({ handOver: { salt } }, { first });
    assert.equal(made.read("etc/salt/minion_id"), "web.lab\n", made.output);
    assert.equal(made.modeOf("etc/salt/minion_id"), "600");
  });

  it("without its package fails the installation, in words", () => {
    const made = handOver({ handOver: { salt } });
    const words = "hand-over to Salt: the new system has no program salt-minion: its package was not installed";
    assert.equal(made.serial, `\nkvm-deploy: failed: ${words}\n`);
    assert.equal(made.exitCode, 1);
    assert.ok(!made.isThere("etc/salt"));
  });

  it("gives the master's files to the master's user, who reads its states and accepts its minions", () => {
    const given: HandOver = {
      salt: {
        role: "master",
        key: pair.privateKey,
        minions: { "web.lab": pair.publicKey },
        state: { "top.sls": "{}\n" },
      },
    };
    const first = `${installed("salt-master")}; useradd --system salt`;
    const then = "stat -c %U /etc/salt/pki/master/minions/web.lab /srv/salt/top.sls";
    const made = handOver({ handOver: given }, { first, then });
    assert.equal(made.output.trim(), "salt\nsalt");
  });
});

describe("the hand-over to Puppet", () => {
  it("lets Puppet itself write its settings, and find the places of keys", () => {
    const puppet = `printf "%s\\n" "#!/bin/sh" "case \\$2 in print) echo /etc/puppet/ssl/\\$5;; set) echo \\$5=\\$6 >>/etc/puppet.conf;; esac" >/usr/bin/puppet`;
    const first = `${installed("puppet")}; ${puppet}`;
    const given = { puppet: { server: "puppet.example", certname: "web.lab", key: pair.privateKey } };
    const made = handOver({ handOver: given }, { first });
    assert.equal(made.serial, `\n${mark}\n`, made.output);
    assert.equal(made.read("etc/puppet.conf"), "certname=web.lab\nserver=puppet.example\n");
    assert.equal(made.read("etc/puppet/ssl/hostprivkey"), pair.privateKey);
    assert.equal(made.modeOf("etc/puppet/ssl/hostprivkey"), "600");
    assert.ok(!made.isThere("var/lib/kvm-deploy-puppet"));
  });
});

describe("the hand-over to a script", () => {
  const run = "sh -c '/var/lib/kvm-deploy-first-start/run && rm -rf /var/lib/kvm-deploy-first-start'";
  it("keeps it for root until the first start", () => {
    const made = handOver(
      { handOver: { script: "echo secret >/taken" } },
      { then: `test -L /${wants}/kvm-deploy-hand-over.service` },
    );
    assert.equal(made.exitCode, 0, made.output);
    assert.equal(made.modeOf("var/lib/kvm-deploy-first-start/run"), "700");
    assert.ok(!made.isThere("taken"));
  });
  it("runs it by the program that it names, as root", () => {
    const made = handOver(
      { handOver: { script: "#!/usr/bin/env perl\nopen(F, '>/taken'); print F 'perl'" } },
      { then: run },
    );
    assert.equal(made.read("taken"), "perl");
  });
  it("lets a shell start it, because SELinux lets systemd itself start nothing below /var", () => {
    const files = handOverFiles(systemOptions.parse({ handOver: { script: "true" } }), mark);
    const unit = files.find(({ path: file }) => file.endsWith("/system/kvm-deploy-hand-over.service"));
    const programs = [...String(unit?.content).matchAll(/^ExecStart=(\S+)/gm)].map(([, program]) => program);
    assert.deepEqual(programs, ["/bin/sh", "/bin/rm"]);
  });
  it("has a unit that systemd accepts", () => {
    const then = "systemd-analyze verify /etc/systemd/system/kvm-deploy-hand-over*.service 2>&1 | grep hand-over || :";
    assert.equal(handOver({ handOver: { script: "true" } }, { then }).output, "");
  });
});

const packageFiles = {
  "DEBIAN/control":
    "Package: salt-minion\nVersion: 1\nArchitecture: all\nMaintainer: kvmd\nDescription: stands for Salt\n",
  "usr/bin/salt-minion": "#!/bin/sh\n",
  "usr/lib/systemd/system/salt-minion.service":
    "[Service]\nExecStart=/usr/bin/salt-minion\n[Install]\nWantedBy=multi-user.target\n",
};

describe("the hand-over from a repository", () => {
  const site = scratchFolder();
  const [signer, other] = ["signer", "other"].map((name) => keyIn(path.join(site, name))) as [string, string];
  const server = serve(makeRepository(site));
  after(() => server.stop());

  const from = (key: string) => ({
    handOver: { salt: {}, repository: { url: `http://127.0.0.1:${server.port}`, key, suite: "stable" } },
  });

  it("installs the package that apt has verified, and its key and source stay", () => {
    const made = handOver(from(signer), { then: `test -L /${wants}/salt-minion.service` });
    assert.equal(made.serial, `\n${mark}\n`, made.output);
    assert.ok(made.isThere("usr/bin/salt-minion"));
    assert.equal(made.exitCode, 0);
    assert.equal(made.read("etc/apt/keyrings/kvm-deploy.asc"), signer);
    assert.match(made.read("etc/apt/sources.list.d/kvm-deploy.sources"), /^Signed-By: .*kvm-deploy\.asc$/m);
  });

  it("installs nothing that another key has signed, and says so", () => {
    const made = handOver(from(other));
    const words = "the repository gives no package salt-minion whose signature is valid, or can't be reached";
    assert.equal(made.serial, `\nkvm-deploy: failed: hand-over to Salt: ${words}\n`);
    assert.match(made.output, /NO_PUBKEY/);
    assert.ok(!made.isThere("usr/bin/salt-minion"));
  });
});

/** A signing key in a keyring of its own. @returns its public half */
function keyIn(home: string): string {
  mkdirSync(home, { mode: 0o700 });
  gpg(home, "--passphrase", "", "--quick-gen-key", "kvmd@example", "rsa2048", "sign");
  return gpg(home, "--armor", "--export");
}

function gpg(home: string, ...args: readonly string[]): string {
  return execFileSync("gpg", ["--homedir", home, "--batch", "--quiet", ...args], { encoding: "utf8" });
}

/** An archive of one package, signed by the key in `signer`. */
function makeRepository(site: string): string {
  const repository = path.join(site, "repository");
  const release = path.join(repository, "dists/stable");
  const packages = path.join(release, "main/binary-amd64");
  const content = path.join(site, "salt-minion");
  for (const [file, text] of Object.entries(packageFiles)) {
    mkdirSync(path.dirname(path.join(content, file)), { recursive: true });
    writeFileSync(path.join(content, file), text, { mode: 0o755 });
  }
  mkdirSync(packages, { recursive: true });
  execFileSync("dpkg-deb", ["--build", "--root-owner-group", content, path.join(repository, "salt-minion.deb")]);
  const list = execFileSync("apt-ftparchive", ["packages", "."], { cwd: repository, encoding: "utf8" });
  writeFileSync(path.join(packages, "Packages"), list);
  const settings = ["Codename=stable", "Suite=stable", "Components=main", "Architectures=amd64"];
  const options = settings.flatMap((setting) => ["-o", `APT::FTPArchive::Release::${setting}`]);
  writeFileSync(path.join(release, "Release"), execFileSync("apt-ftparchive", [...options, "release", release]));
  gpg(path.join(site, "signer"), "--clearsign", "-o", path.join(release, "InRelease"), path.join(release, "Release"));
  return repository;
}

/** In a process of its own: what delivers a hand-over blocks this one. */
function serve(directory: string): { port: string; stop: () => void } {
  const portFile = path.join(scratchFolder(), "port");
  const program = `
    const { createServer } = require("node:http"), { readFileSync, writeFileSync, renameSync } = require("node:fs");
    const [directory, file] = process.argv.slice(1);
    const server = createServer((request, response) => {
      try { response.end(readFileSync(directory + request.url)); } catch { response.writeHead(404).end(); }
    });
    server.listen(0, "127.0.0.1", () => {
      writeFileSync(file + ".new", String(server.address().port));
      renameSync(file + ".new", file);
    });`;
  const child = spawn(process.execPath, ["-e", program, directory, portFile], { stdio: "ignore" });
  execFileSync("sh", ["-c", `until [ -e "$1" ]; do sleep 0.05; done`, "sh", portFile], { timeout: 20_000 });
  return { port: readFileSync(portFile, "utf8"), stop: () => child.kill() };
}

describe("an account with traits", () => {
  it("has its number, shell and home", () => {
    const users: Given["users"] = [
      {
        name: "Kvmd.Ann",
        uid: 4321,
        shell: "/bin/sh",
        home: "/srv/deep/ann",
        keys: [`no-pty ${publicKey}`],
        sudo: true,
      },
    ];
    const made = handOver({ users }, { then: "id -g Kvmd.Ann && stat -c %U /srv/deep/ann/.ssh" });
    assert.equal(made.serial, `\n${mark}\n`, made.output);
    assert.match(made.read("etc/passwd"), /^Kvmd\.Ann:x:4321:4321::\/srv\/deep\/ann:\/bin\/sh$/m);
    assert.equal(made.read("srv/deep/ann/.ssh/authorized_keys"), `no-pty ${publicKey}\n`);
    assert.equal(made.output.trim(), "4321\nKvmd.Ann");
    assert.equal(made.modeOf("etc/sudoers.d/kvm-deploy-Kvmd+Ann"), "440");
  });

  it("without its shell fails the installation, in words", () => {
    const made = handOver({ users: [{ name: "kvmd-ann", shell: "/usr/bin/kvmd-sh" }] });
    const words = "user kvmd-ann: the new system has no shell /usr/bin/kvmd-sh; add its package to packages";
    assert.equal(made.serial, `\nkvm-deploy: failed: ${words}\n`);
  });
});
