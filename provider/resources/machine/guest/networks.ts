import { isDeepStrictEqual } from "node:util";
import type { Context, Failure, Properties } from "../../../resource/handler";
import type { Host } from "../../../resource/host";
import { each, eachAtHost, ifKnown } from "../../../resource/known";
import { KvmError, NotFound } from "../../../values/errors";
import type { Claimant } from "../definition/akin";
import type { MachineInputs, MachineNic } from "../schema/machine";
import { type DhcpNetwork, dhcpNetwork, gatewayOf, givesAddress, isInSubnet, subnetText } from "./dhcp";
import { refusalOf } from "./rivals";

/** @throws the failures of the NICs' networks and addresses on the actual host */
export async function checkNetworks(host: Host, { nics }: MachineInputs): Promise<void> {
  const networks = await host.libvirt.list("network");
  for (const [index, { network, address }] of nics.entries()) {
    if (network === undefined) continue;
    const present = await dhcpNetwork(host.libvirt, network);
    if (present === undefined) {
      const names = networks.map(({ name }) => name).join(", ");
      throw new NotFound(`the host has no network "${network}"; it has ${names === "" ? "none" : names}`, {
        property: `nics[${index}].network`,
        remedy:
          "Choose one of those. Name the network of a Network resource by its output (network: lab.name), so that it is created first",
      });
    }
    const problem = placeProblem(present, address, `nics[${index}].address`);
    if (problem !== undefined) throw problem;
  }
}

/** The failures of addresses that are certain before anything is done. */
export async function addressFailures(inputs: MachineInputs, context: Context): Promise<Failure[]> {
  return [...clashes(inputs, context), ...(await failuresOnHost(inputs, context))];
}

/** In an update the host is read only for changed NICs. */
export async function changedAddressFailures(olds: MachineInputs, news: MachineInputs, context: Context) {
  const isSame = ifKnown(() => isDeepStrictEqual(olds.nics, news.nics)) === true;
  return isSame ? clashes(news, context) : addressFailures(news, context);
}

function clashes({ nics, connection }: MachineInputs, context: Context): Failure[] {
  const others = othersOn(connection, context);
  return each(nics, (nic, index) => clashIn(others, nic, propertyOf(index))).flatMap((clash) => clash ?? []);
}

async function failuresOnHost({ nics, connection }: MachineInputs, context: Context): Promise<Failure[]> {
  const host = context.host(connection);
  const others = othersOn(connection, context);
  const failures = await eachAtHost(nics, async (nic, index) => {
    const property = propertyOf(index);
    const problem = await problemOnHost(host, nic, { property, others, context });
    return problem && { property, reason: problem.reason };
  });
  return failures.flatMap((failure) => failure ?? []);
}

function othersOn(connection: string, { others, defaultConnection }: Context): Properties[] {
  return (others?.() ?? []).filter((other) => (other["connection"] ?? defaultConnection) === connection);
}

function propertyOf(index: number): string {
  return `nics[${index}].address`;
}

interface Look {
  readonly property: string;
  readonly others: readonly Properties[];
  readonly context: Claimant;
}

/** A missing network, or one with a new subnet, is created by the same program: nothing is known about it yet. */
async function problemOnHost(
  host: Host,
  { network, address, mac = "" }: MachineNic,
  { property, others, context }: Look,
): Promise<KvmError | undefined> {
  if (network === undefined || address === undefined) return undefined;
  const present = await dhcpNetwork(host.libvirt, network);
  if (present === undefined || others.some((other) => changes(other, present))) return undefined;
  const problem = placeProblem(present, address, property);
  if (problem !== undefined || !givesAddress(present, address)) return problem;
  return refusalOf(host, present, { mac, address, property }, context);
}

function placeProblem(
  { name, root }: DhcpNetwork,
  address: string | undefined,
  property: string,
): KvmError | undefined {
  if (address === undefined) return undefined;
  const remedy = "Choose another one from its subnet";
  if (isInSubnet(root, address) === false)
    return new KvmError("invalid-input", `${address} is not a host's address in the subnet of network "${name}"`, {
      property,
      remedy: "Choose one from its subnet",
    });
  if (gatewayOf(root) === address)
    return new KvmError("conflict", `${address} is the KVM host's own address in network "${name}"`, {
      property,
      remedy,
    });
  return undefined;
}

/** Another machine of the program with the same address. */
function clashIn(others: readonly Properties[], nic: MachineNic, property: string): Failure | undefined {
  const { network, address } = nic;
  if (network === undefined || address === undefined) return undefined;
  const other = others.find(({ nics }) => Array.isArray(nics) && nics.some((each) => isAt(each, network, address)));
  if (other === undefined) return undefined;
  const reason = `${address} of network "${network}" is also given to machine "${String(other["name"])}". Give each machine its own`;
  return { property, reason };
}

function isAt(nic: unknown, network: string, address: string): boolean {
  return isRecord(nic) && nic["network"] === network && nic["address"] === address;
}

/** Whether another resource of the program is that network, with another subnet than the actual one. */
function changes({ name, nics, ipv4 }: Properties, present: DhcpNetwork): boolean {
  if (name !== present.name || nics !== undefined || !isRecord(ipv4)) return false;
  return ipv4["subnet"] !== subnetText(present.root);
}

function isRecord(value: unknown): value is Properties {
  return typeof value === "object" && value !== null;
}
