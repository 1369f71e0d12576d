import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { childrenOf, find, parse } from "../../../provider/format/xml";
import type { Run } from "../../../provider/host/run";
import { openVirsh } from "../../../provider/libvirt/virsh";
import { site } from "../../site";

const { connection, host } = site();
const { libvirt } = host;

describe("a change of a network, which another program starts or stops at that moment", () => {
  let uuid = "";
  before(async () => {
    await libvirt.define(
      "network",
      '<network><name>races-net</name><bridge name="kd-races"/><ip address="10.75.0.1" prefix="24"><dhcp><range start="10.75.0.100" end="10.75.0.200"/></dhcp></ip></network>',
    );
    uuid = (await libvirt.find("network", "races-net"))?.uuid ?? "";
  });
  after(async () => {
    await libvirt.stop("network", uuid);
    await libvirt.undefine("network", uuid);
  });

  /** Does `first` before the first net-update. */
  const racing = (first: () => Promise<void>) => {
    let isFirst = true;
    const run: Run = async (program, args, options) => {
      if (isFirst && args.includes("net-update")) {
        isFirst = false;
        await first();
      }
      return host.run(program, args, options);
    };
    return openVirsh(connection, { ...host, run });
  };
  const hostsIn = (xml: string | undefined) => childrenOf(find(parse(xml ?? ""), "ip/dhcp"), "host").length;
  const change = (last: number) =>
    ({
      command: "add-last",
      section: "ip-dhcp-host",
      xml: `<host mac="52:54:00:75:00:0${last}" ip="10.75.0.${last}"/>`,
      parentIndex: 0,
    }) as const;

  it("is made in the definition when it was stopped", async () => {
    await libvirt.start("network", uuid);
    await racing(() => libvirt.stop("network", uuid)).updateNetwork(uuid, change(1));
    assert.equal(hostsIn(await libvirt.definition("network", uuid)), 1);
  });

  it("is made in both when it was started", async () => {
    await racing(() => libvirt.start("network", uuid)).updateNetwork(uuid, change(2));
    assert.equal(hostsIn(await libvirt.definition("network", uuid)), 2);
    assert.equal(hostsIn(await libvirt.liveDefinition("network", uuid)), 2);
  });
});
