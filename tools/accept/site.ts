import path from "node:path";
import { debianMedia } from "../debian-media/index";
import { emulated, emulatedVcpus, mirrorPort } from "../demo/site";
import { startEmbedded } from "../embedded/index";
import type { Medium } from "./options";

const root = path.resolve(__dirname, "../..");

/** The host's address in the machines' network. */
export const gateway = "172.31.213.1";

/** A libvirt, and what its guests need in addition. */
export interface AcceptSite {
  readonly connection: string;
  /** A command with these arguments in front runs in the guests' network. */
  readonly enter: readonly string[];
  readonly vcpus: number;
  readonly disk: Readonly<Record<string, unknown>>;
  readonly system: Readonly<Record<string, unknown>> & { readonly kernelArguments: readonly string[] };
  /** Facts that can't be true, because the mirror has no package for them. */
  readonly without: readonly string[];
  /** Options of the medium's family. */
  familyOf(medium: Medium): Readonly<Record<string, unknown>>;
  /** The input `source` of the InstallerIso. */
  sourceOf(medium: Medium): unknown;
  stop(): Promise<void>;
}

export async function openSite(media: readonly Medium[], log: (line: string) => void): Promise<AcceptSite> {
  return media.some(({ kind }) => kind === "built") ? builtSite(log) : namedSite();
}

function namedSite(): AcceptSite {
  return {
    connection: process.env["KVM_DEPLOY_CONNECTION"] ?? "qemu:///system",
    enter: [],
    vcpus: 2,
    disk: {},
    system: { kernelArguments: [], locale: "de_DE.UTF-8" },
    without: [],
    familyOf: (medium) =>
      medium.kind === "built" || medium.product === undefined ? {} : { agama: { product: medium.product } },
    sourceOf: (medium) =>
      medium.kind === "iso"
        ? { path: path.resolve(medium.file), sha256: medium.sha256 }
        : medium.kind === "release" && medium.name,
    stop: () => Promise.resolve(),
  };
}

/** Emulated guests, and a mirror with few packages. */
async function builtSite(log: (line: string) => void): Promise<AcceptSite> {
  const media = await debianMedia({ cacheDir: path.join(root, ".cache/debian-media"), log });
  const embedded = await startEmbedded({
    stateDir: "/var/lib/kvm-deploy/embedded/accept",
    lifetime: "process",
    serve: { directory: media.mirror, port: mirrorPort },
    log,
  });
  return {
    connection: embedded.uri,
    enter: embedded.enter,
    vcpus: emulatedVcpus,
    disk: { cache: "unsafe" },
    system: { ...emulated.system, mirror: `http://${gateway}:${mirrorPort}/debian` },
    without: ["keyboard"],
    familyOf: () => ({ debian: emulated.debian }),
    sourceOf: () => ({ path: media.iso, sha256: media.sha256 }),
    stop: () => embedded.stop(),
  };
}
