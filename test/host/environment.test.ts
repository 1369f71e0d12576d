import assert from "node:assert/strict";
import { mkdirSync, rmdirSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, it, mock } from "node:test";
import { setTimeout } from "node:timers/promises";
import { hostsWith, openHost } from "../../provider/engine/open-host";
import { canonical, defaultConnection, directoriesOf, temporaryDirectory } from "../../provider/host/environment";
import { surroundings } from "../../provider/host/surroundings";
import { scratchFolder } from "../iso/host";

const names = [
  "KVM_DEPLOY_CONNECTION",
  "XDG_STATE_HOME",
  "XDG_CACHE_HOME",
  "XDG_DATA_HOME",
  "XDG_RUNTIME_DIR",
] as const;
const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));

function setEnvironment(values: Readonly<Record<string, string | undefined>>): void {
  for (const name of names) {
    const value = values[name];
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}

function asUser(id: number): void {
  mock.method(process as { getuid: () => number }, "getuid", () => id);
}

afterEach(() => {
  mock.restoreAll();
  setEnvironment(before);
});

const other = "qemu:///system?socket=/run/other/libvirt-sock";

describe("the default connection", () => {
  it("is the environment's, else the system's", () => {
    setEnvironment({ KVM_DEPLOY_CONNECTION: other });
    assert.equal(defaultConnection(), other);
    setEnvironment({});
    assert.equal(defaultConnection(), "qemu:///system");
  });
});

describe("the directories", () => {
  it("of a user are the same for resources and the command, and count only if they are absolute", () => {
    asUser(1000);
    for (const [given, expected] of [
      ["/x", "/x/kvm-deploy"],
      ["", path.join(homedir(), ".cache/kvm-deploy")],
      ["x", path.join(homedir(), ".cache/kvm-deploy")],
    ] as const) {
      setEnvironment({ XDG_CACHE_HOME: given });
      assert.equal(directoriesOf("qemu:///session").downloads, `${expected}/downloads`);
      assert.equal(surroundings().pulumiCommands, `${expected}/pulumi-cli`);
    }
  });
  it("of root on the system's libvirt", () => {
    asUser(0);
    assert.deepEqual(directoriesOf("qemu:///system"), {
      isos: "/var/lib/kvm-deploy/isos",
      consoles: "/var/lib/kvm-deploy/consoles",
      ledger: "/var/lib/kvm-deploy/ledger",
      locks: "/var/lib/kvm-deploy/locks",
      downloads: "/var/cache/kvm-deploy/downloads",
    });
  });

  it("of another libvirt are apart, but for downloads", () => {
    asUser(0);
    const [own, system] = [directoriesOf(other), directoriesOf("qemu:///system")];
    assert.match(own.isos, /^\/var\/lib\/kvm-deploy\/hosts\/[0-9a-f]{12}\/isos$/);
    assert.equal(own.downloads, system.downloads);
    assert.notEqual(directoriesOf(`${other}2`).ledger, own.ledger);
  });

  it("of the system's libvirt are the same for every user, but for downloads", () => {
    setEnvironment({ XDG_STATE_HOME: "/x/state", XDG_CACHE_HOME: "/x/cache" });
    for (const connection of ["qemu:///system", other]) {
      asUser(0);
      const roots = directoriesOf(connection);
      asUser(1000);
      assert.deepEqual(directoriesOf(connection), { ...roots, downloads: "/x/cache/kvm-deploy/downloads" });
    }
  });

  it("of a user's own libvirt are where the desktop's standard says", () => {
    asUser(1000);
    setEnvironment({ XDG_STATE_HOME: "/x/state", XDG_CACHE_HOME: "/x/cache" });
    const { isos, downloads } = directoriesOf("qemu:///session");
    assert.match(isos, /^\/x\/state\/kvm-deploy\/hosts\/[0-9a-f]{12}\/isos$/);
    assert.equal(downloads, "/x/cache/kvm-deploy/downloads");
  });

  it("of a user without such settings are below the home directory", () => {
    asUser(1000);
    setEnvironment({});
    const { consoles, downloads } = directoriesOf("qemu:///session");
    assert.ok(consoles.startsWith(`${homedir()}/.local/state/kvm-deploy/hosts/`));
    assert.equal(downloads, `${homedir()}/.cache/kvm-deploy/downloads`);
  });

  it("for secrets are where they vanish with the power", () => {
    asUser(0);
    assert.equal(temporaryDirectory(), "/run/kvm-deploy/tmp");
    asUser(1000);
    setEnvironment({ XDG_RUNTIME_DIR: "/run/user/1000" });
    assert.equal(temporaryDirectory(), "/run/user/1000/kvm-deploy");
    setEnvironment({});
    assert.equal(temporaryDirectory(), tmpdir());
  });
});

describe("the spellings of a connection", () => {
  const scratch = scratchFolder();
  const socket = path.join(scratch, "real/libvirt-sock");
  mkdirSync(path.dirname(socket));
  symlinkSync("real", path.join(scratch, "link"));
  symlinkSync("real/libvirt-sock", path.join(scratch, "sock"));

  for (const isThere of [false, true]) {
    it(`are one host by the socket's own path, be it there or not (${isThere ? "there" : "not"})`, () => {
      if (isThere) writeFileSync(socket, "");
      const seen = [`${scratch}/link/libvirt-sock`, `${scratch}//real/../link/./libvirt-sock`, socket]
        .concat(isThere ? [`${scratch}/sock`] : [])
        .flatMap((file) => [`qemu:///system?socket=${file}`, `qemu+unix:///system?socket=${file}`]);
      assert.deepEqual([...new Set(seen.map(canonical))], [`qemu:///system?socket=${socket}`]);
      const hosts = new Set(seen.map(openHost));
      assert.equal(hosts.size, 1);
      assert.deepEqual(new Set(seen.map((uri) => JSON.stringify(directoriesOf(uri)))).size, 1);
    });
  }

  it("hold the same locks", async () => {
    const [one, two] = [`qemu:///system?socket=${socket}`, `qemu+unix:///system?socket=${scratch}/link/libvirt-sock`];
    // As two programs have them, which share no host.
    const order: string[] = [];
    let waiting: Promise<unknown> | undefined;
    await hostsWith({})(one).lock("spelling", async () => {
      waiting = hostsWith({})(two).lock("spelling", () => Promise.resolve(order.push("second")));
      await setTimeout(50);
      order.push("first");
    });
    await waiting;
    assert.deepEqual(order, ["first", "second"]);
    rmdirSync(path.dirname(directoriesOf(one).locks));
  });
});
