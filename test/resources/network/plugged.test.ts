import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { attributeOf } from "../../../provider/format/xml";
import type { Libvirt } from "../../../provider/libvirt/client";
import type { Context } from "../../../provider/resource/handler";
import { unknownValue } from "../../../provider/resource/known";
import { network } from "../../../provider/resources/network/handler";
import { site } from "../../site";
import { GuestNetwork, inside, ip } from "./guest";

const { connection, host } = site();
const { libvirt } = host;
const base = { connection, name: "plugged-net", mode: "isolated", ipv4: { subnet: "10.74.0.0/24" } };
const thing = new GuestNetwork(base, "52:54:00:74:00:01");
const plugsIn = "attaches plugged-net-guest again";

describe("a network whose guests have lost their connection", () => {
  before(async () => {
    await thing.create({});
    await thing.startGuest();
  });
  after(async () => {
    await thing.removeGuest();
    await network.delete(thing.id, thing.state, thing.context);
  });

  const withLibvirt = (verbs: Partial<Libvirt>): Context => ({
    ...thing.context,
    host: () => ({ ...host, libvirt: { ...libvirt, ...verbs } }),
  });
  const restartByHand = async () => {
    await libvirt.stop("network", thing.id);
    await libvirt.start("network", thing.id);
  };

  it("has them by libvirt's word and by the kernel's at first", async () => {
    await thing.isPluggedIn();
    for (const by of [thing.context, inside(thing.context)]) {
      await thing.refresh(by);
      assert.deepEqual(thing.state["notInForce"], []);
    }
  });

  it("shows it after a restart by another program, and up attaches them", async () => {
    await restartByHand();
    await thing.refresh();
    assert.deepEqual(thing.state["notInForce"], [plugsIn]);
    assert.deepEqual(await thing.preview({}), ["changes", plugsIn]);
    await thing.up({});
    await thing.isPluggedIn();
    assert.deepEqual(await thing.preview({}), []);
  });

  it("shows it when libvirt still lists them, but the kernel has them on no bridge", async () => {
    const tap = attributeOf(await thing.nic(), "target", "dev") ?? "";
    await ip("link", "set", tap, "nomaster");
    assert.equal((await libvirt.networkPorts(thing.id)).length, 1);
    await thing.refresh(inside(thing.context));
    assert.deepEqual(thing.state["notInForce"], [plugsIn]);
    await thing.up({}, inside(thing.context));
    await thing.isPluggedIn();
    assert.deepEqual(await thing.preview({}), []);
  });

  it("takes no device of another's for a guest's that only has its name", async () => {
    const tap = attributeOf(await thing.nic(), "target", "dev") ?? "";
    const namesake = JSON.stringify([{ ifname: tap, address: "fe:54:00:00:00:99" }]);
    const elsewhere: Context = {
      ...thing.context,
      host: () => ({
        ...host,
        run: (program, args, options) =>
          program === "ip"
            ? Promise.resolve({ exitCode: 0, stdout: namesake, stderr: "" })
            : host.run(program, args, options),
      }),
    };
    await thing.refresh(elsewhere);
    assert.deepEqual(thing.state["notInForce"], []);
  });

  it("names them when the kernel still has them on no bridge afterwards", async () => {
    await restartByHand();
    await thing.refresh();
    const unmoved = { ...inside(thing.context) };
    const entered = unmoved.host(connection);
    const lying: Context = {
      ...unmoved,
      host: () => ({
        ...entered,
        libvirt: {
          ...libvirt,
          changeLive: async (uuid, change) => {
            await libvirt.changeLive(uuid, change);
            const tap = attributeOf(await thing.nic(), "target", "dev") ?? "";
            await ip("link", "set", tap, "nomaster");
          },
        },
      }),
    };
    await assert.rejects(thing.up({}, lying), /runs again, but machines are not attached to it: plugged-net-guest\./);
    assert.deepEqual(await thing.preview({}), ["changes", plugsIn]);
    await thing.up({}, inside(thing.context));
    await thing.isPluggedIn();
  });

  it("says nothing of guests where it is unknown whether it may restart", async () => {
    assert.deepEqual(await thing.preview({ mtu: 1400, allowRestart: unknownValue }), [
      "changes",
      "mtu: changes; how that takes effect is known when it is applied",
    ]);
  });

  it("is started again when it was stopped, with its guests", async () => {
    await libvirt.stop("network", thing.id);
    await thing.refresh();
    assert.deepEqual(await thing.preview({}), [
      "changes",
      "running: starts the network, and attaches plugged-net-guest again",
    ]);
    await thing.up({});
    await thing.isPluggedIn();
    assert.deepEqual(await thing.preview({}), []);
  });

  it("is not stopped under them, which the preview says; nor when they were started after it", async () => {
    const refusal =
      'network "plugged-net" must stop for this, but running machines are attached to it: plugged-net-guest. Shut them down, then run this again. Machines of the same program are deleted or moved first if they name the network by its output (network: lab.name)';
    for (const allowRestart of [false, true]) {
      const stopped = { ...base, running: false, allowRestart };
      const { inputs, failures } = await network.check(thing.state, stopped, thing.context);
      assert.deepEqual(failures, [{ property: "running", reason: refusal }]);
      await assert.rejects(network.update(thing.id, thing.state, inputs, thing.context), { message: refusal });
    }
    await thing.isPluggedIn();
    assert.deepEqual(await thing.preview({}), []);
  });

  for (const [what, verbs] of Object.entries({
    "stopped before it changes": {
      updateNetwork: async (...args) => {
        await libvirt.stop("network", thing.id);
        return libvirt.updateNetwork(...args);
      },
    },
    "changed so by another": {
      updateNetwork: async (...args) => {
        await libvirt.updateNetwork(...args);
        return libvirt.updateNetwork(...args);
      },
    },
  } satisfies Record<string, Partial<Libvirt>>)) {
    it(`is as desired after an update although it was ${what}`, async () => {
      const hosts = [{ mac: "52:54:00:74:00:09", address: "10.74.0.9" }];
      const given = { ipv4: { subnet: "10.74.0.0/24", dhcp: { hosts } } };
      await thing.up(given, withLibvirt(verbs));
      assert.deepEqual(await thing.preview(given), []);
      assert.equal(attributeOf(await thing.live(), "ip/dhcp/host", "ip"), "10.74.0.9");
      await thing.isPluggedIn();
      await thing.up({});
    });
  }

  it("touches no network of others that has the name which the way round needs", async () => {
    const name = `kvm-deploy-detour-${thing.id}`;
    await libvirt.define("network", `<network><name>${name}</name></network>`);
    await restartByHand();
    await thing.refresh();
    await assert.rejects(thing.up({}), {
      message: `a network named "${name}" exists, and kvm-deploy did not create it. Remove it: virsh net-destroy ${name}; virsh net-undefine ${name}`,
    });
    const theirs = await libvirt.find("network", name);
    assert.ok(theirs);
    await libvirt.undefine("network", theirs.uuid);
    await thing.up({});
    await thing.isPluggedIn();
  });
});
