import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { childrenOf, type Element, parse, textOf } from "../../../provider/format/xml";
import { pickInputs } from "../../../provider/resource/check";
import { network } from "../../../provider/resources/network/handler";
import { networkInputs } from "../../../provider/resources/network/schema";
import { testContext } from "../../context";
import { site } from "../../site";

const { connection, host } = site();
const { libvirt } = host;
const context = testContext(connection, "urn:pulumi:test::test::kvm::network-stays");
const name = "stays-net";

interface Parts {
  readonly attributes?: string;
  readonly forward?: string;
  readonly bridge?: string;
  readonly ip?: string;
  readonly inIp?: string;
  readonly dhcp?: string;
  readonly dns?: string;
  readonly domain?: string;
  readonly more?: string;
}

const range = '<range start="10.71.0.100" end="10.71.0.150"/>';

function xmlOf(parts: Parts): string {
  const { attributes = "", forward = '<forward mode="nat"/>', bridge = "", ip = 'prefix="24"', inIp = "" } = parts;
  const { dhcp = range, dns = "", domain = '<domain name="stays.test"/>', more = "" } = parts;
  return `<network ${attributes}><name>${name}</name>${forward}<bridge name="kd-stays" ${bridge}/>${domain}${dns}<ip address="10.71.0.1" ${ip}>${inIp}${dhcp === "" ? "" : `<dhcp>${dhcp}</dhcp>`}</ip>${more}</network>`;
}

const onBridge = (more: string) =>
  `<network><name>${name}</name><forward mode="bridge"/><bridge name="kd-stays"/>${more}</network>`;
const vswitch =
  '<virtualport type="openvswitch"><parameters interfaceid="09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f"/></virtualport>';

/** What libvirt can say of a network and the inputs can't, each by itself. */
const unsaid: Readonly<Record<string, string>> = {
  "IPv6 without addresses": xmlOf({ attributes: 'ipv6="yes"' }),
  "filters that guests set": xmlOf({ attributes: 'trustGuestRxFilters="yes"' }),
  "addresses to translate to": xmlOf({
    forward: '<forward mode="nat"><nat><address start="192.0.2.1" end="192.0.2.2"/></nat></forward>',
  }),
  "those next to ports": xmlOf({
    forward:
      '<forward mode="nat"><nat><address start="192.0.2.1" end="192.0.2.2"/><port start="2000" end="3000"/></nat></forward>',
  }),
  "a driver": xmlOf({ forward: '<forward mode="nat"><driver name="vfio"/></forward>' }),
  "who keeps the bridge's table": xmlOf({ bridge: 'macTableManager="libvirt"' }),
  "the bridge's firewall zone": xmlOf({ bridge: 'zone="lab"' }),
  "the bridge's delay": xmlOf({ bridge: 'stp="off" delay="3"' }),
  "the bridge's MAC address": xmlOf({ more: '<mac address="52:54:00:71:71:71"/>' }),
  "names of addresses": xmlOf({ ip: 'prefix="24" localPtr="yes"' }),
  "a mask": xmlOf({ ip: 'netmask="255.255.255.0" localPtr="no"' }),
  "boot by network": xmlOf({ inIp: '<tftp root="/t"/>', dhcp: `${range}<bootp file="f" server="10.71.0.1"/>` }),
  "boot by network, without other addresses": xmlOf({ dhcp: '<bootp file="f"/>' }),
  "hosts of others": xmlOf({
    dhcp: `${range}<host mac="52:54:00:71:00:01" name="a" ip="10.71.0.5"/><host name="b" ip="10.71.0.6"/>`,
  }),
  "hosts of others, without other addresses": xmlOf({ dhcp: '<host mac="52:54:00:71:00:01" ip="10.71.0.5"/>' }),
  "a host's lease": xmlOf({
    dhcp: `${range}<host mac="52:54:00:71:00:01" ip="10.71.0.5"><lease expiry="20" unit="minutes"/></host>`,
  }),
  "leases without end": xmlOf({
    dhcp: '<range start="10.71.0.100" end="10.71.0.150"><lease expiry="0"/></range><range start="10.71.0.160" end="10.71.0.170"><lease expiry="1" unit="hours"/></range>',
  }),
  "a second subnet": xmlOf({ more: '<ip address="10.72.0.1" prefix="24"/>' }),
  "a second subnet with DNS names": xmlOf({ more: '<ip address="10.72.0.1" netmask="255.255.0.0" localPtr="yes"/>' }),
  "two of IPv6": xmlOf({
    more: '<ip family="ipv6" address="fd00:71::1" prefix="64" localPtr="yes"><dhcp><range start="fd00:71::10" end="fd00:71::20"/><host name="h" ip="fd00:71::5"/></dhcp></ip><ip family="ipv6" address="fd00:72::1" prefix="64"/>',
  }),
  "hosts of others in IPv6": xmlOf({
    more: '<ip family="ipv6" address="fd00:71::1" prefix="64"><dhcp><host id="00:03:00:01:52:54:00:71:00:06" ip="fd00:71::6"/></dhcp></ip>',
  }),
  "routes by a mask": xmlOf({ more: '<route address="10.73.0.0" netmask="255.255.0.0" gateway="10.71.0.2"/>' }),
  records: xmlOf({
    dns: '<dns forwardPlainNames="no"><forwarder addr="192.0.2.1"/><forwarder domain="a.test" addr="192.0.2.2"/><txt name="t" value="v"/><srv service="a" protocol="tcp" domain="a.test" target="b.a.test" port="7"/><host ip="10.71.0.9"><hostname>x</hostname><hostname>y</hostname></host></dns>',
  }),
  limits: xmlOf({
    more: '<bandwidth><inbound average="1000" peak="5000" burst="1024"/><outbound average="10"/></bandwidth>',
  }),
  "guests that don't see each other": xmlOf({ more: '<port isolated="yes"/>' }),
  "a group's limits and filters": xmlOf({
    more: '<portgroup name="g" default="yes" trustGuestRxFilters="yes"><bandwidth><inbound average="1000"/></bandwidth></portgroup>',
  }),
  "an Open vSwitch's parameters": onBridge(vswitch),
  "an Open vSwitch's VLANs": onBridge(
    `${vswitch}<vlan trunk="yes"><tag id="42" nativeMode="untagged"/><tag id="47"/></vlan>`,
  ),
  "a group's profile": onBridge(
    `${vswitch}<portgroup name="e"><vlan trunk="yes"><tag id="5" nativeMode="tagged"/></vlan><virtualport type="openvswitch"><parameters profileid="p"/></virtualport></portgroup>`,
  ),
  "others' metadata": xmlOf({
    more: '<metadata><other:x xmlns:other="urn:other" y="z"><other:w>1</other:w></other:x></metadata>',
  }),
  "lines for dnsmasq": `<network xmlns:dnsmasq="http://libvirt.org/schemas/network/dnsmasq/1.0"><name>${name}</name><bridge name="kd-stays"/><ip address="10.71.0.1" prefix="24"/><dnsmasq:options><dnsmasq:option value="log-dhcp"/></dnsmasq:options></network>`,
};

/** Each attribute and text with its path, without the order of elements. */
function facts(element: Element, path = ""): string[] {
  const at = `${path}/${element.name}`;
  return [
    at,
    ...Object.entries(element.attributes).map(([key, value]) => `${at}@${key}=${value}`),
    ...[textOf(element)].filter(Boolean).map((text) => `${at}=${text ?? ""}`),
    ...childrenOf(element).flatMap((child) => facts(child, at)),
  ];
}

async function definition(uuid: string): Promise<Element> {
  return parse((await libvirt.definition("network", uuid)) ?? "");
}

/** Two spellings of one thing. */
const spelt = (fact: string) =>
  fact
    .replace(/@netmask=255\.255\.255\.0$/, "@prefix=24")
    .replace(/@netmask=255\.255\.0\.0$/, "@prefix=16")
    .replace("/ip/dhcp/range/lease@unit=hours", "/ip/dhcp/range/lease@unit=seconds")
    .replace("/ip/dhcp/range/lease@expiry=1", "/ip/dhcp/range/lease@expiry=3600");

describe("what the inputs can't say of a network stays, whatever else is updated", () => {
  afterEach(async () => {
    const entry = await libvirt.find("network", name);
    if (entry === undefined) return;
    await libvirt.stop("network", entry.uuid);
    await libvirt.undefine("network", entry.uuid);
  });

  for (const [what, xml] of Object.entries(unsaid)) {
    it(what, async () => {
      await libvirt.define("network", xml);
      const given = { connection, name, adopt: true, running: false };
      const { inputs } = await network.check(
        {},
        { ...given, mode: "isolated", ipv4: { subnet: "10.71.0.0/24" } },
        context,
      );
      const { id, outputs } = await network.create(inputs, context);
      const was = facts(await definition(id));

      const same = pickInputs(networkInputs, outputs);
      const changes = [
        { portGroups: [...(same["portGroups"] as object[]), { name: "added" }] },
        { autostart: true },
        ...(xml.includes('mode="bridge"') ? [] : [{ domain: { name: "other.test" } }, { mtu: 1400 }]),
      ];
      let state = outputs;
      for (const change of changes) {
        const checked = await network.check(state, { ...same, ...given, ...change }, context);
        assert.deepEqual(checked.failures, []);
        state = await network.update(id, state, checked.inputs, context);
        const is = new Set(facts(await definition(id)).map(spelt));
        const lost = was.map(spelt).filter((fact) => !is.has(fact) && !fact.includes("/domain"));
        assert.deepEqual(lost, [], `lost by ${JSON.stringify(change)}`);
      }
    });
  }
});
