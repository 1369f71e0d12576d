import path from "node:path";
import { formatAddress, parseAddress, parseCidr } from "../../values/ip";
import { messageOf } from "../../values/errors";
import { openSshKey } from "./open-ssh-key";
import type { Old, OldSystem } from "./shape";
import { fail, lose, note, type Path, type Tree } from "./tree";

type Inputs = Readonly<Record<string, unknown>>;

/** What the tool did in the new system by ssh is done by the hand-over. */
export function systemOf(tree: Tree, { distro }: Old, old: OldSystem): Inputs {
  const at: Path = ["distro", distro.type];
  const { rsa } = old.ssh?.access ?? {};
  if (rsa?.pri !== undefined)
    note(tree, [...at, "ssh", "access", "rsa", "pri"], "is not needed any more: kvm-deploy does not log in");
  const forwarding = { ipv4: isTrue(old.route?.ipv4), ipv6: isTrue(old.route?.ipv6) };
  return {
    ...(rsa?.pub === undefined ? {} : { rootKeys: [rsa.pub.trim()] }),
    ...hostKeysOf(tree, old, [...at, "ssh", "server"]),
    ...(forwarding.ipv4 || forwarding.ipv6 ? { forwarding } : {}),
    // The interfaces are called eth0, eth1 and so on.
    kernelArguments: ["net.ifnames=0"],
    ...saltOf(old),
  };
}

/** As Python sees it. */
function isTrue(text: string | undefined): boolean {
  return text !== undefined && !["", "0", "False", "None"].includes(text);
}

function hostKeysOf(tree: Tree, { ssh }: OldSystem, at: Path): Inputs {
  const server = (ssh?.server ?? {}) as Readonly<Record<string, { readonly pri?: unknown } | undefined>>;
  if (server["dsa"] !== undefined) note(tree, [...at, "dsa"], "is left out: SSH servers have no DSA keys any more");
  const keys = ["ecdsa", "ed25519", "rsa"].flatMap((kind) => {
    const key = server[kind]?.pri;
    if (typeof key !== "string") return [];
    try {
      return [[kind, openSshKey(key)] as const];
    } catch (error) {
      lose(tree, [...at, kind, "pri"], messageOf(error));
      return [];
    }
  });
  return keys.length === 0 ? {} : { hostKeys: Object.fromEntries(keys) };
}

/** Directories next to the configuration. */
function saltOf({ salt }: OldSystem): Inputs {
  const { role, config, state } = salt ?? {};
  if ((role !== "master" && role !== "minion") || config === undefined) return {};
  const files = { config: path.join("salt/conf", config) };
  const states = role === "master" && state !== undefined ? { state: path.join("salt/state", state) } : {};
  return { handOver: { salt: { role, ...files, ...states } } };
}

/** An address with its prefix, of a NIC. @throws KvmError */
export function addressOf(tree: Tree, { vm }: Old, index: number): string {
  const nic = vm.nic[index];
  const at: Path = ["vm", "nic", index];
  const address = parseAddress(nic?.ip ?? "");
  if (address?.family !== 4) return fail(tree, [...at, "ip"], `"${nic?.ip ?? ""}" is not an IPv4 address`);
  const prefix = prefixOf(nic?.net.netmask ?? "");
  if (prefix === undefined)
    return fail(tree, [...at, "net", "netmask"], `"${nic?.net.netmask ?? ""}" is not a netmask such as 255.255.255.0`);
  return `${formatAddress(address)}/${prefix}`;
}

function prefixOf(netmask: string): number | undefined {
  const mask = parseCidr(`${netmask}/32`);
  if (mask?.family !== 4) return undefined;
  const bits = mask.value.toString(2).padStart(32, "0");
  return /^1*0*$/.test(bits) ? bits.replaceAll("0", "").length : undefined;
}
