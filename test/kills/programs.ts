import type { Properties } from "../../provider/resource/handler";

/** The names that the provider's module exports. */
export type HandlerName = "network" | "storagePool" | "volume" | "installerIso" | "machine";

/** A resource as a program declares it. */
export interface Declared {
  readonly handler: HandlerName;
  readonly name: string;
  /** @param outputsOf those of a resource that stands before it */
  inputs(outputsOf: (name: string) => Properties): Properties;
}

export type Program = readonly Declared[];

/** What a scenario's programs are written with. */
export interface Site {
  readonly connection: string;
  /** A folder with what is installed and copied from. */
  readonly sources: string;
  /** A folder for pools. */
  readonly pools: string;
  readonly isoSha256: string;
  /** That of an ISO whose installer needs no operating system. */
  readonly quickSha256: string;
  /** The text that must never lie anywhere but in its place. VNC takes eight characters. */
  readonly secret: string;
}

/** What happens to the resource when the program dies. */
export type Change = "create" | "update" | "delete";
/** `around`: without the resource itself. */
export type Variant = "around" | "old" | "new";

export interface Scenario {
  readonly name: string;
  readonly changes: readonly Change[];
  /** Whether the update can't be taken back: volumes don't shrink. */
  readonly isOneWay: boolean;
  /** Whether the update leaves something on the host that no program describes: what an installation has written. */
  readonly isErasing: boolean;
  program(variant: Variant, site: Site): Program;
}

const all: readonly Change[] = ["create", "update", "delete"];

function declared(handler: HandlerName, name: string, inputs: Declared["inputs"]): Declared {
  return { handler, name, inputs };
}

function plain(handler: HandlerName, name: string, inputs: Properties): Declared {
  return declared(handler, name, () => ({ name, ...inputs }));
}

interface Parts {
  readonly around?: (site: Site) => Program;
  readonly old: (site: Site) => Program;
  readonly new: (site: Site) => Program;
  readonly changes?: readonly Change[];
  readonly isOneWay?: true;
  readonly isErasing?: true;
}

function scenario(name: string, { around = () => [], changes = all, isOneWay, isErasing, ...parts }: Parts): Scenario {
  return {
    ...{ name, changes, isOneWay: isOneWay === true, isErasing: isErasing === true },
    program: (variant, site) => [...around(site), ...(variant === "around" ? [] : parts[variant](site))],
  };
}

function volume(name: string, inputs: Properties): Declared {
  return plain("volume", name, { pool: "default", ...inputs });
}

const hosts = (...last: number[]) =>
  last.map((number) => ({ mac: `52:54:00:99:00:0${number}`, address: `172.29.201.${number}` }));

function network(inputs: Properties, ...addresses: number[]): Declared {
  const dhcp = { ranges: [{ start: "172.29.201.100", end: "172.29.201.110" }], hosts: hosts(...addresses) };
  return plain("network", "kill-net", {
    ...{ mode: "isolated", ipv4: { subnet: "172.29.201.0/24", dhcp }, allowRestart: true },
    ...inputs,
  });
}

/** A guest that powers off when it is asked to. */
const guestDisk = ({ sources }: Site) =>
  volume("kill-root", { format: "raw", source: { path: `${sources}/polite.raw` } });
const dataDisk = volume("kill-data", { format: "raw", size: "1GiB" });

function machine({ secret }: Site, inputs: Properties, disks: readonly string[], address: string): Declared {
  return declared("machine", "kill-vm", (outputsOf) => ({
    ...{ name: "kill-vm", memory: "64MiB", domainType: "qemu", firmware: "bios" },
    // The guest lets nothing go while it runs.
    ...{ allowRestart: true, shutdownTimeout: "10s" },
    graphics: { type: "vnc", password: secret },
    disks: disks.map((disk) => ({ volume: `default/${String(outputsOf(disk)["name"])}` })),
    nics: [{ network: outputsOf("kill-net")["name"], address }],
    ...inputs,
  }));
}

/** A machine that is installed from an ISO of two seconds. */
function installed(site: Site, inputs: Properties): Program {
  const source = { path: `${site.sources}/quick-source.iso`, sha256: site.quickSha256 };
  return [
    plain("installerIso", "kill-iso", { source, debian: {}, system: secretSystem(site, "one") }),
    declared("machine", "kill-vm", (outputsOf) => ({
      ...{ name: "kill-vm", memory: "512MiB", domainType: "qemu", forceOff: true, shutdownTimeout: "1s" },
      disks: [{ volume: `default/${String(outputsOf("kill-data")["name"])}` }],
      ...{ installer: outputsOf("kill-iso")["path"], ...inputs },
    })),
  ];
}

/** Part of a hash, as the answers have one. */
function secretSystem({ secret }: Site, hostname: string): Properties {
  return { hostname, hostKeys: false, rootPassword: `$6$${secret}$${"x".repeat(86)}` };
}

function iso(site: Site, hostname: string): Declared {
  return plain("installerIso", "kill-iso", {
    source: { path: `${site.sources}/source.iso`, sha256: site.isoSha256 },
    // Part of a hash, as the answers have one.
    system: { hostname, rootPassword: `$6$${site.secret}$${"x".repeat(86)}` },
  });
}

export const scenarios: readonly Scenario[] = [
  scenario("pool", {
    old: ({ pools }) => [plain("storagePool", "kill-pool", { path: `${pools}/kill-pool` })],
    new: ({ pools }) => [plain("storagePool", "kill-pool", { path: `${pools}/kill-pool`, autostart: false })],
  }),
  scenario("empty volume", {
    isOneWay: true,
    old: () => [volume("kill-vol", { size: "1MiB" })],
    new: () => [volume("kill-vol", { size: "2MiB" })],
  }),
  scenario("volume with content", {
    isOneWay: true,
    old: ({ sources }) => [
      volume("kill-vol", { format: "raw", size: "2MiB", source: { path: `${sources}/polite.raw` } }),
    ],
    new: ({ sources }) => [
      volume("kill-vol", { format: "raw", size: "3MiB", source: { path: `${sources}/polite.raw` } }),
    ],
  }),
  scenario("clone", {
    isOneWay: true,
    around: (site) => [guestDisk(site)],
    old: () => [volume("kill-clone", { format: "raw", size: "2MiB", source: { volume: "default/kill-root" } })],
    new: () => [volume("kill-clone", { format: "raw", size: "3MiB", source: { volume: "default/kill-root" } })],
  }),
  scenario("network", {
    old: () => [network({}, 2, 3)],
    new: () => [network({ domain: { name: "kill.example" }, autostart: false }, 3, 4)],
  }),
  scenario("network that stops", {
    changes: ["update"],
    old: () => [network({}, 2)],
    new: () => [network({ running: false }, 2)],
  }),
  scenario("network that starts", {
    changes: ["update"],
    old: () => [network({ running: false }, 2)],
    new: () => [network({}, 2)],
  }),
  scenario("network under a guest", {
    changes: ["update"],
    old: (site) => [guestDisk(site), network({}, 2), machine(site, {}, ["kill-root"], "172.29.201.50")],
    new: (site) => [
      guestDisk(site),
      network({ domain: { name: "kill.example" } }, 3),
      machine(site, {}, ["kill-root"], "172.29.201.50"),
    ],
  }),
  scenario("machine", {
    around: (site) => [guestDisk(site), dataDisk, network({})],
    old: (site) => [machine(site, {}, ["kill-root"], "172.29.201.50")],
    new: (site) => [
      machine(
        site,
        { description: "another", memory: "80MiB", autostart: false },
        ["kill-root", "kill-data"],
        "172.29.201.51",
      ),
    ],
  }),
  scenario("reinstallation", {
    changes: ["update"],
    isErasing: true,
    around: () => [dataDisk],
    old: (site) => installed(site, {}),
    new: (site) => installed(site, { reinstall: "again", memory: "528MiB" }),
  }),
  scenario("ISO", {
    old: (site) => [iso(site, "one")],
    new: (site) => [iso(site, "two")],
  }),
];
