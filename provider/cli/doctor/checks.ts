import { formatSize } from "../../values/units";

/** What a check has found. */
export interface Check {
  readonly name: string;
  readonly result: "ok" | "warning" | "error";
  /** What is there. */
  readonly detail: string;
  /** What to do, in the imperative. */
  readonly remedy?: string;
}

/** The facts of a host, as far as they can be read: `undefined` is unknown or missing. */
export interface Facts {
  readonly connection: string;
  /** Why libvirt can't be reached. */
  readonly refusal: string | undefined;
  /** `virsh version --daemon` */
  readonly versions: string | undefined;
  /** Undefined if libvirt can't be reached. */
  readonly canRunKvm: boolean | undefined;
  /** `virsh domcapabilities` */
  readonly domainCapabilities: string | undefined;
  /** `xorriso -version` */
  readonly xorriso: string | undefined;
  /** The missing programs, with their Debian packages. */
  readonly missing: readonly (readonly [program: string, debianPackage: string])[];
  readonly pool: "active" | "inactive" | "missing" | undefined;
  readonly network: "active" | "inactive" | "missing" | undefined;
  /** Free bytes by directory. */
  readonly space: readonly (readonly [directory: string, what: string, bytes: number | undefined])[];
  /** The Pulumi CLI that commands would use. */
  readonly pulumi: string | undefined;
}

const leastLibvirt = "9.0.0";
const leastXorriso = "1.5.4";

/** Judges the facts of a host. */
export function checksOf(facts: Facts): Check[] {
  const whenReached = facts.refusal === undefined ? [virtualisation(facts), versions(facts), firmware(facts), pool(facts), network(facts)] : []; // prettier-ignore
  return [reach(facts), ...whenReached, xorriso(facts), programs(facts), ...space(facts), pulumi(facts)];
}

function reach({ connection, refusal }: Facts): Check {
  const name = "libvirt";
  return refusal === undefined
    ? { name, result: "ok", detail: connection }
    : { name, result: "error", detail: refusal };
}

function virtualisation({ canRunKvm }: Facts): Check {
  const name = "virtualisation";
  if (canRunKvm === true) return { name, result: "ok", detail: "KVM" };
  return {
    ...{ name, result: "warning", detail: "the host has no KVM, so machines are emulated, which is many times slower" },
    remedy: "Enable virtualisation in the host's firmware, and load kvm_intel or kvm_amd",
  };
}

function versions({ versions: text = "" }: Facts): Check {
  const [, daemon] = /daemon: (\S+)/.exec(text) ?? [];
  const [, hypervisor] = /Running hypervisor: (.+)/.exec(text) ?? [];
  const detail = [`libvirt ${daemon ?? "of an unknown version"}`, ...(hypervisor === undefined ? [] : [hypervisor])];
  const isOld = daemon !== undefined && isBefore(daemon, leastLibvirt);
  const name = "versions";
  if (!isOld) return { name, result: daemon === undefined ? "warning" : "ok", detail: detail.join(", ") };
  return { name, result: "error", detail: detail.join(", "), remedy: `Install libvirt ${leastLibvirt} or newer` };
}

function firmware({ domainCapabilities: text = "" }: Facts): Check {
  const [, list = ""] = /<enum name='firmware'>([^]*?)<\/enum>/.exec(text) ?? [];
  const hasUefi = list.includes("<value>efi</value>");
  const hasSecureBoot = /<enum name='secure'>[^]*?<value>yes<\/value>[^]*?<\/enum>/.test(text);
  const name = "firmware";
  if (hasUefi) return { name, result: "ok", detail: `BIOS and UEFI${hasSecureBoot ? ", with Secure Boot" : ""}` };
  return { name, result: "warning", detail: "BIOS only", remedy: "For machines with UEFI install it (Debian: apt-get install ovmf)" }; // prettier-ignore
}

function pool({ pool: state }: Facts): Check {
  const name = "pool default";
  if (state === "active") return { name, result: "ok", detail: "active" };
  if (state === "inactive")
    return { name, result: "warning", detail: "not active", remedy: "Start it: virsh pool-start default" };
  return {
    ...{ name, result: "warning", detail: "missing; it is the pool of volumes that name none" },
    remedy: "Name a `pool` in each volume, or describe one with the key `default` in the section `pools`",
  };
}

function network({ network: state }: Facts): Check {
  const name = "network default";
  if (state === "active") return { name, result: "ok", detail: "active" };
  const detail = state === "inactive" ? "not active" : "missing";
  return { name, result: "ok", detail: `${detail}; only machines that name it need it` };
}

function xorriso({ xorriso: text }: Facts): Check {
  const name = "xorriso";
  const [, version] = /xorriso version\s*:\s*(\S+)/.exec(text ?? "") ?? [];
  const remedy = `Install xorriso ${leastXorriso} or newer (Debian: apt-get install xorriso)`;
  if (version === undefined) return { name, result: "error", detail: "missing", remedy };
  return isBefore(version, leastXorriso)
    ? { name, result: "error", detail: version, remedy }
    : { name, result: "ok", detail: version };
}

function programs({ missing }: Facts): Check {
  const name = "programs";
  if (missing.length === 0) return { name, result: "ok", detail: "all are installed" };
  const packages = [...new Set(missing.map(([, one]) => one))].join(" ");
  return {
    ...{ name, result: "error", detail: `missing: ${missing.map(([program]) => program).join(", ")}` },
    remedy: `Install them (Debian: apt-get install ${packages})`,
  };
}

const leastSpace = 4 * 2 ** 30;

function space({ space: places }: Facts): Check[] {
  return places.map(([directory, what, bytes]) => {
    const name = `space for ${what}`;
    if (bytes === undefined) return { name, result: "warning", detail: `${directory} can't be read` };
    const whole = Math.floor(bytes / 2 ** 20) * 2 ** 20;
    const detail = `${formatSize(whole >= 2 ** 30 ? Math.floor(bytes / 2 ** 30) * 2 ** 30 : whole)} free in ${directory}`;
    if (bytes >= leastSpace) return { name, result: "ok", detail };
    return { name, result: "warning", detail, remedy: `An installer alone may need ${formatSize(leastSpace)}` };
  });
}

function pulumi({ pulumi: found }: Facts): Check {
  const name = "Pulumi CLI";
  if (found !== undefined) return { name, result: "ok", detail: found };
  return { name, result: "warning", detail: "missing", remedy: "`kvm-deploy up` offers to install it" };
}

function isBefore(version: string, least: string): boolean {
  const [have, need] = [version, least].map((text) => text.split(".").map((part) => Number.parseInt(part, 10)));
  const index = (need ?? []).findIndex((part, place) => part !== have?.[place]);
  return index !== -1 && !((have?.[index] ?? 0) > (need?.[index] ?? 0));
}
