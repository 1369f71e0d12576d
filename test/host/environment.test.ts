import assert from "node:assert/strict";
import { homedir } from "node:os";
import { afterEach, describe, it, mock } from "node:test";
import { defaultConnection, foldersOf } from "../../provider/host/environment";

const names = ["KVM_DEPLOY_CONNECTION", "XDG_STATE_HOME", "XDG_CACHE_HOME"] as const;
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

describe("the folders", () => {
  it("of root on the system's libvirt", () => {
    asUser(0);
    assert.deepEqual(foldersOf("qemu:///system"), {
      isos: "/var/lib/kvm-deploy/isos",
      consoles: "/var/lib/kvm-deploy/consoles",
      ledger: "/var/lib/kvm-deploy/ledger",
      downloads: "/var/cache/kvm-deploy/downloads",
    });
  });

  it("of another libvirt are apart, but for downloads", () => {
    asUser(0);
    const [own, system] = [foldersOf(other), foldersOf("qemu:///system")];
    assert.match(own.isos, /^\/var\/lib\/kvm-deploy\/hosts\/[0-9a-f]{12}\/isos$/);
    assert.equal(own.downloads, system.downloads);
    assert.notEqual(foldersOf(`${other}2`).ledger, own.ledger);
  });

  it("of a user are where the desktop's standard says", () => {
    asUser(1000);
    setEnvironment({ XDG_STATE_HOME: "/x/state", XDG_CACHE_HOME: "/x/cache" });
    const { isos, downloads } = foldersOf("qemu:///system");
    assert.deepEqual([isos, downloads], ["/x/state/kvm-deploy/isos", "/x/cache/kvm-deploy/downloads"]);
  });

  it("of a user without such settings are below the home folder", () => {
    asUser(1000);
    setEnvironment({});
    const { consoles, downloads } = foldersOf("qemu:///system");
    assert.deepEqual(
      [consoles, downloads],
      [`${homedir()}/.local/state/kvm-deploy/consoles`, `${homedir()}/.cache/kvm-deploy/downloads`],
    );
  });
});
