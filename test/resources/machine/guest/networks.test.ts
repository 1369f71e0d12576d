import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Properties } from "../../../../provider/resource/handler";
import { unknownValue } from "../../../../provider/resource/known";
import { machine } from "../../../../provider/resources/machine/handler";
import { testContext } from "../../../context";
import { site } from "../../../site";
import { Guest, makeNetwork } from "../guests";

const { connection } = site();

describe("the addresses of a machine are looked at by its check", () => {
  const network = "looked-net";
  let removeNetwork: () => Promise<void>;
  let guest: Guest;
  before(async () => {
    removeNetwork = await makeNetwork(
      network,
      `<ip address="10.250.79.1" prefix="24"><dhcp><range start="10.250.79.100" end="10.250.79.200"/>
        <host mac="52:54:00:79:00:01" ip="10.250.79.9"/></dhcp></ip>`,
    );
    guest = await Guest.make("looked", "deaf");
    await guest.up({ running: false, nics: [{ network, address: "10.250.79.11" }] });
  });
  after(async () => {
    await guest.remove();
    await removeNetwork();
  });

  const at = (address: string, given: Properties = {}) => ({
    nics: [{ network, address, ...given }],
  });
  const check = async (
    given: Properties,
    others: readonly Properties[] = [],
    stack = "other",
    olds: Properties = {},
  ) => {
    const context = { ...testContext(connection, `urn:pulumi:${stack}::test::kvm::new`), others: () => others };
    const news = { connection, name: "looked-new", memory: "64MiB", domainType: "qemu", ...given };
    const { failures } = await machine.check(olds, news, context);
    return failures.map(({ property, reason }) => `${property}: ${reason}`);
  };
  const isNoHost = (address: string) =>
    `nics[0].address: ${address} is not a host's address in the subnet of network "${network}". Choose one from its subnet`;

  for (const [name, given, expected] of [
    ["free", at("10.250.79.12"), []],
    ["outside of the subnet", at("10.1.1.1"), [isNoHost("10.1.1.1")]],
    ["the broadcast address", at("10.250.79.255"), [isNoHost("10.250.79.255")]],
    ["the subnet's own address", at("10.250.79.0"), [isNoHost("10.250.79.0")]],
    [
      "the host's",
      at("10.250.79.1"),
      [
        `nics[0].address: 10.250.79.1 is the KVM host's own address in network "${network}". Choose another one from its subnet`,
      ],
    ],
    [
      "another stack's machine's",
      at("10.250.79.11"),
      [
        /^nics\[0\]\.address: network "looked-net" already gives 10\.250\.79\.11 to machine "looked" \(52:54:.*\)\. Choose another address$/,
      ],
    ],
    [
      "given to a MAC address of no machine",
      at("10.250.79.9"),
      [
        /already gives 10\.250\.79\.9 to 52:54:00:79:00:01, which is no machine's MAC address on this host\. .*free it: virsh net-update/,
      ],
    ],
    ["given to this machine's MAC address", at("10.250.79.9", { mac: "52:54:00:79:00:01" }), []],
    ["in a network that isn't there yet", { nics: [{ network: "looked-none", address: "10.1.1.1" }] }, []],
  ] as const) {
    it(name, async () => {
      const failures = await check(given);
      assert.equal(failures.length, expected.length, failures.join("\n"));
      for (const [index, reason] of expected.entries())
        if (typeof reason === "string") assert.equal(failures[index], reason);
        else assert.match(failures[index] ?? "", reason);
    });
  }

  it("that of a machine of the same stack may be given up in the same up", async () => {
    assert.deepEqual(await check(at("10.250.79.11"), [], "test"), []);
  });

  it("that of another machine of the program is refused, also where nothing is reserved yet", async () => {
    for (const address of ["10.250.79.11", "10.250.79.12"])
      assert.deepEqual(await check(at(address), [{ name: "twin", ...at(address) }], "test"), [
        `nics[0].address: ${address} of network "${network}" is also given to machine "twin". Give each machine its own`,
      ]);
    const elsewhere = { name: "twin", connection: "qemu:///system?socket=/elsewhere", ...at("10.250.79.12") };
    assert.deepEqual(await check(at("10.250.79.12"), [elsewhere], "test"), []);
  });

  it("one in the subnet that the program gives the network is no failure", async () => {
    const renewed = { name: network, ipv4: { subnet: "10.1.1.0/24" } };
    assert.deepEqual(await check(at("10.1.1.5"), [renewed]), []);
    assert.deepEqual(await check(at("10.1.1.5"), [{ ...renewed, ipv4: { subnet: "10.250.79.0/24" } }]), [
      isNoHost("10.1.1.5"),
    ]);
  });

  it("is refused next to one that is unknown at preview, about which nothing is said", async () => {
    const nics = [{ network, address: unknownValue }, { network, address: "10.1.1.1" }, unknownValue];
    const failure = isNoHost("10.1.1.1").replace("nics[0]", "nics[1]");
    assert.deepEqual(await check({ nics }), [failure]);
    const olds = { connection, name: "looked-new", memory: "64MiB", domainType: "qemu", ...at("10.250.79.12") };
    assert.deepEqual(await check({ nics }, [], "other", olds), [failure]);
  });

  it("is refused in an update too, and not where the NICs stay as they are", async () => {
    const olds = { connection, name: "looked-new", memory: "64MiB", domainType: "qemu", ...at("10.1.1.1") };
    assert.deepEqual(await check(at("10.1.1.2"), [], "other", olds), [isNoHost("10.1.1.2")]);
    assert.deepEqual(await check({ ...at("10.1.1.1"), title: "new" }, [], "other", olds), []);
    const twin = { name: "twin", ...at("10.1.1.1") };
    assert.match(
      String(await check({ ...at("10.1.1.1"), title: "new" }, [twin], "other", olds)),
      /also given to machine "twin"/,
    );
  });
});
