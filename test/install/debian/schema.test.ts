import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkInputs } from "../../../provider/check";
import { debianOptions } from "../../../provider/install/debian/schema";
import { makeKeyPair } from "../shared/keys";
import { hash } from "./options";

const { privateKey, publicKey } = makeKeyPair("-t", "ed25519");
const network = { address: "172.16.1.10/24", gateway: "172.16.1.1", dns: ["172.16.1.1"], interface: "enp1s0" };

const full = {
  hostname: "web",
  domain: "lab.example",
  locale: "de_DE.UTF-8@euro",
  keyboard: "de",
  timezone: "Europe/Berlin",
  rootPassword: hash,
  rootKeys: [publicKey],
  users: [{ name: "ann", fullName: "Ann Ä.", password: hash, keys: [publicKey], sudo: true }],
  network,
  mirror: "http://192.168.199.1:8080/debian",
  proxy: "http://ann:secret@proxy.example:3128",
  suite: "trixie",
  repositories: ["security"],
  disk: { device: "/dev/vda", recipe: "home", method: "lvm" },
  packages: ["openssh-server", "libstdc++6"],
  kernelPackage: "linux-image-cloud-amd64",
  recommends: false,
  initramfs: "dep",
  kernelArguments: ["quiet", "console=tty0"],
  hostKeys: { ed25519: privateKey },
  lateCommands: ["true"],
};

function failuresOf(options: Readonly<Record<string, unknown>>): string[] {
  return checkInputs(debianOptions, options).failures.map(({ property, reason }) => `${property}: ${reason}`);
}

describe("the options of Debian", () => {
  it("may all be given", () => assert.deepEqual(failuresOf(full), []));
  it("may all be missing", () => assert.deepEqual(failuresOf({}), []));

  const wrong: [change: Readonly<Record<string, unknown>>, failure: string][] = [
    [{ hostname: "web.lab" }, 'hostname: "web.lab" is not a host name'],
    [{ domain: "lab..example" }, 'domain: "lab..example" is not a domain name'],
    [{ locale: "german" }, 'locale: "german" is not a locale; write it like "en_US.UTF-8" or "C.UTF-8"'],
    [{ keyboard: "us\nx" }, "keyboard: "],
    [{ timezone: "Europe/../x" }, 'timezone: "Europe/../x" is not a time zone; write it like "Etc/UTC"'],
    [{ rootPassword: "secret" }, "rootPassword: must be a crypt(3) hash, not a password"],
    [{ rootKeys: [privateKey] }, "rootKeys[0]: is a private key; give the content of the .pub file"],
    [{ users: [{ name: "Ann" }] }, 'users[0].name: "Ann" is not a user name'],
    [{ users: [{ name: "ann", fullName: "a:b" }] }, "users[0].fullName: must be one line without colons"],
    [{ users: [{ name: "ann", sudo: "yes" }] }, "users[0].sudo: must be true or false, but is a text"],
    [{ users: [{ name: "ann" }, { name: "ann" }] }, 'users[1].name: "ann" is users[0] already; give each name once'],
    [{ users: [{ name: "root" }] }, "users[0].name: root is there already; use rootKeys and rootPassword"],
    [{ users: [{ name: "ann", pasword: "x" }] }, 'users[0].pasword: there is no such key; did you mean "password"?'],
    [{ network: { address: "172.16.1.10" } }, "network.address: "],
    [
      { network: { ...network, address: "172.16.1.255/24" } },
      "network.address: 172.16.1.255/24 is the subnet's own or its broadcast address",
    ],
    [
      { network: { ...network, gateway: "172.16.2.1" } },
      "network.gateway: 172.16.2.1 is not in the subnet of 172.16.1.10/24",
    ],
    [
      { network: { ...network, gateway: "172.16.1.10" } },
      "network.gateway: 172.16.1.10 can't be the router of 172.16.1.10/24",
    ],
    [{ network: { ...network, gateway: "172.16.1.0" } }, "network.gateway: 172.16.1.0 can't be the router"],
    [{ network: { ...network, dns: ["ns"] } }, 'network.dns[0]: "ns" is not an IPv4 address'],
    [{ network: { ...network, interface: "a b" } }, 'network.interface: "a b" is not a device name'],
    [{ mirror: "ftp://a/debian" }, 'mirror: "ftp://a/debian" is not a URL'],
    [{ mirror: "http://ann:secret@a/debian" }, "mirror: must have neither login, query nor fragment"],
    [{ mirror: "http://a/debian?x" }, "mirror: must have neither login, query nor fragment"],
    [{ proxy: "ann:secret@proxy" }, "proxy: "],
    [{ suite: "Trixie" }, 'suite: "Trixie" is not a suite; write it like "trixie"'],
    [{ repositories: ["testing"] }, "repositories[0]: must be one of security, updates, backports"],
    [{ disk: { device: "vda" } }, 'disk.device: "vda" is not a disk; write it like "/dev/vda"'],
    [{ disk: { recipe: "mine" } }, 'disk.recipe: "mine" is neither atomic, home, multi nor an expert recipe'],
    [{ disk: { method: "raid" } }, "disk.method: must be one of regular, lvm"],
    [{ packages: ["two names"] }, 'packages[0]: "two names" is not the name of a Debian package'],
    [{ kernelPackage: "vmlinuz" }, 'kernelPackage: "vmlinuz" is not a kernel package'],
    [{ initramfs: "all" }, "initramfs: must be one of most, dep"],
    [{ kernelArguments: ["a b"] }, `kernelArguments[0]: "a b" can't be handed on by Debian's installer`],
    [{ kernelArguments: ["---"] }, `kernelArguments[0]: "---" can't be handed on`],
    [{ kernelArguments: ['a="b"'] }, 'kernelArguments[0]: "a=\\"b\\"" is not a kernel argument'],
    [{ hostKeys: { rsa: privateKey } }, "hostKeys.rsa: is a key of the type ssh-ed25519, not rsa"],
    [{ hostKeys: { ed25519: "secret" } }, "hostKeys.ed25519: is not an OpenSSH private key"],
    [{ hostKeys: { dsa: "x" } }, "hostKeys.dsa: there is no such key"],
    [{ lateCommands: [""] }, "lateCommands[0]: "],
    [{ hostnaem: "x" }, 'hostnaem: there is no such key; did you mean "hostname"?'],
  ];
  for (const [change, failure] of wrong) {
    it(failure.split(/[;,]/, 1)[0] ?? "", () => {
      const failures = failuresOf({ ...full, ...change });
      assert.equal(failures.length, 1, failures.join("\n"));
      assert.ok(failures[0]?.startsWith(failure), failures[0]);
      assert.ok(!failures[0]?.includes("secret"), failures[0]);
    });
  }

  it("are all told at once when several are wrong", () => {
    assert.equal(failuresOf({ hostname: "a.b", packages: ["a b"], disk: { device: "vda" } }).length, 3);
  });

  it("take an expert recipe, and a small subnet's only two addresses", () => {
    assert.deepEqual(failuresOf({ disk: { recipe: "mine :: 1024 1024 -1 ext4 $primary{ } ." } }), []);
    assert.deepEqual(failuresOf({ network: { address: "10.0.0.0/31", gateway: "10.0.0.1" } }), []);
  });
});
