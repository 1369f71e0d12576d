import { mkdir } from "node:fs/promises";
import path from "node:path";
import { type DebianMedia, debianMedia } from "../debian-media/index";
import { DEMO_STATE_DIR, findEmbedded, startEmbedded, stopEmbedded } from "../embedded/index";
import type { DemoOptions } from "./options";

/** The host of the demo's machine, and its installer. */
export interface DemoSite {
  readonly connection: string;
  /** A command with these arguments in front runs in the guests' network. */
  readonly enter: readonly string[];
  readonly source: { readonly path?: string; readonly url?: string; readonly sha256: string };
  /** Options of the new system for this site, and those that only Debian has. */
  readonly system: Readonly<Record<string, unknown>>;
  readonly debian: Readonly<Record<string, unknown>>;
  readonly vcpus: number;
  /** Options of the machine's disk for this site. */
  readonly disk: Readonly<Record<string, unknown>>;
  readonly stop: () => Promise<void>;
}

/** Where the embedded libvirt serves the mirror. */
export const mirrorPort = 8080;
/** The host's address in the example's network, where the guest finds the mirror. */
const mirror = `http://172.16.1.1:${mirrorPort}/debian`;

/**
 * Options that shorten an installation with emulated guests: without address randomisation the emulator need not
 * translate every program again, and the mirror has the small kernel only. A kernel that checks its timer panics while
 * the emulator gets no processor.
 */
export const emulated = {
  system: {
    mirror,
    kernelArguments: ["norandmaps", "no_timer_check", "mitigations=off", "init_on_alloc=0"],
  },
  debian: { recommends: false, initramfs: "dep", kernelPackage: "linux-image-cloud-amd64" },
} as const;

/**
 * One processor is as fast as two where they are emulated, and safe: with two, QEMU 7.2 now and then runs code that a
 * kernel is just patching, and the kernel panics.
 */
export const emulatedVcpus = 1;

/** A libvirt that the user named in the environment. */
export function namedConnection(): string | undefined {
  return process.env["KVM_DEPLOY_CONNECTION"];
}

export async function openSite(options: DemoOptions, cache: string, log: (line: string) => void): Promise<DemoSite> {
  const connection = namedConnection();
  if (connection !== undefined) {
    return {
      connection,
      enter: [],
      source: sourceOf(options),
      system: {},
      debian: {},
      vcpus: 2,
      disk: {},
      stop: () => Promise.resolve(),
    };
  }
  await mkdir(cache, { recursive: true });
  const media = await debianMedia({ cacheDir: path.join(cache, "debian-media"), log });
  const embedded = (await findEmbedded(DEMO_STATE_DIR)) ?? (await startDetached(media, log));
  return {
    connection: embedded.uri,
    enter: embedded.enter,
    source: options.iso === undefined ? { path: media.iso, sha256: media.sha256 } : sourceOf(options),
    ...emulated,
    vcpus: emulatedVcpus,
    // The emulator's disk needs no protection from power failures, and waiting for the host's disk takes most of its
    // time.
    disk: { cache: "unsafe" },
    stop: () => stopEmbedded(DEMO_STATE_DIR),
  };
}

function startDetached(media: DebianMedia, log: (line: string) => void) {
  log("starting the demo's own libvirt; a libvirt on this machine is not changed");
  return startEmbedded({
    stateDir: DEMO_STATE_DIR,
    lifetime: "detached",
    serve: { directory: media.mirror, port: mirrorPort },
    log,
  });
}

function sourceOf({ iso = "", sha256 = "" }: DemoOptions): DemoSite["source"] {
  return /^https?:/.test(iso) ? { url: iso, sha256 } : { path: path.resolve(iso), sha256 };
}
