import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Host } from "../../../../provider/resource/host";
import { machineInputs } from "../../../../provider/resources/machine/schema";
import { outputsOf } from "../../../../provider/resources/machine/state";
import { parseYaml } from "../../../../provider/format/yaml/load";
import {
  ansibleInventoryOf,
  knownHostsOf,
  offersKey,
  sshCommandOf,
} from "../../../../provider/resources/machine/guest/ssh";

describe("ssh", () => {
  const key = "ssh-ed25519 AAAAkey";
  it("of another computer is reached through that", () => {
    const command = (uri: string) => sshCommandOf("10.0.0.1", "root", [], uri);
    assert.equal(command("qemu+ssh://ann@kvm1:22/system"), "ssh -o 'ProxyJump=ann@kvm1' root@10.0.0.1");
    assert.equal(
      command("qemu+ssh://ann@kvm1:23/system?keyfile=/k"),
      "ssh -o 'ProxyCommand=ssh -i /k -l ann -p 23 -W [%h]:%p -- kvm1' root@10.0.0.1",
    );
  });

  it("the command carries the host key, and asks as usual without one", () => {
    assert.match(
      sshCommandOf("10.0.0.1", "root", ["ssh-rsa BBBB", key], "qemu:///system") ?? "",
      /KnownHostsCommand=\/bin\/echo 10\.0\.0\.1 ssh-ed25519 AAAAkey'.* root@10\.0\.0\.1$/,
    );
    assert.equal(sshCommandOf("10.0.0.1", "admin", [], "qemu:///system"), "ssh admin@10.0.0.1");
    assert.equal(sshCommandOf(undefined, "root", [key], "qemu:///system"), undefined);
    assert.equal(sshCommandOf("10.0.0.1", undefined, [key], "qemu:///system"), undefined);
  });

  it("the inventory carries the host key, and asks as usual without one", () => {
    const inventory = parseYaml(
      ansibleInventoryOf("yes", "10.0.0.1", "root", [key], "qemu:///system") ?? "",
      "inventory",
    ).value as never;
    const { yes } = (inventory as { all: { hosts: Record<string, Record<string, string>> } }).all.hosts;
    const options = sshCommandOf("10.0.0.1", "root", [key], "qemu:///system")?.replace(
      /^ssh (.*) root@10\.0\.0\.1$/,
      "$1",
    );
    assert.deepEqual(yes, { ansible_host: "10.0.0.1", ansible_user: "root", ansible_ssh_common_args: options });
    assert.equal(
      ansibleInventoryOf("web", "10.0.0.1", "ann", [], "qemu:///system"),
      'all:\n  hosts:\n    "web":\n      ansible_host: "10.0.0.1"\n      ansible_user: "ann"\n',
    );
    assert.equal(ansibleInventoryOf("web", undefined, "root", [key], "qemu:///system"), undefined);
    assert.equal(ansibleInventoryOf("web", "10.0.0.1", undefined, [key], "qemu:///system"), undefined);
  });

  it("known hosts are a line for each address and key", () =>
    assert.equal(knownHostsOf(["a", "b"], [key]), `a ${key}\nb ${key}\n`));

  it("a scan shows the key, another one, or none", () => {
    assert.equal(offersKey("# banner\n10.0.0.1 ssh-ed25519 AAAAkey\n", [key]), true);
    assert.equal(offersKey("10.0.0.1 ssh-ed25519 other\n", [key]), false);
    assert.equal(offersKey("10.0.0.1 ssh-ed25519 other\n", []), true);
    assert.equal(offersKey("", [key]), undefined);
  });
});

describe("the account that a machine's outputs name", () => {
  const connection = "qemu:///system";
  const nics = [{ network: "lab", address: "10.0.0.1" }];
  const inputs = machineInputs.parse({ name: "web", connection, memory: "64MiB", nics });
  const ids = { uuid: "u", macAddresses: ["52:54:00:00:00:01"], volumePaths: {}, volumeFormats: {} };
  const facts = { ...ids, consoleLogPath: "", hostKeys: [], release: undefined, login: undefined };
  // A machine that is off has its fixed addresses; nothing is read.
  const commandOf = async (installed: { release?: string; login?: string }) =>
    (await outputsOf({} as Host, inputs, { ...facts, ...installed }, undefined))["sshCommand"];

  it("is that of its installation, if that has one", async () => {
    assert.equal(await commandOf({ release: "Debian 13", login: "ann" }), "ssh ann@10.0.0.1");
    assert.equal(await commandOf({ release: "Debian 13" }), undefined);
  });
  it("is root if kvm-deploy has not installed it", async () => assert.equal(await commandOf({}), "ssh root@10.0.0.1"));
});
