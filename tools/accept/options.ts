import { parseArgs } from "node:util";

export const firmwares = ["bios", "uefi", "secure"] as const;

/** `secure`: UEFI with Secure Boot. */
export type Firmware = (typeof firmwares)[number];

/** What is installed: a release by name, a medium of the user's, or the one that is built of Debian's packages. */
export type Medium =
  | { readonly kind: "release"; readonly name: string; readonly product?: string }
  | { readonly kind: "iso"; readonly file: string; readonly sha256: string; readonly product?: string }
  | { readonly kind: "built" };

export interface AcceptOptions {
  readonly media: readonly Medium[];
  readonly firmwares: readonly Firmware[];
  readonly memory: string;
  /** Where the report is written. */
  readonly report: string;
}

export const usage = `npm run accept -- RELEASE...                    installs releases by name, such as debian:13 and fedora:44
npm run accept -- --iso FILE --sha256 SUM      installs a medium of your own
npm run accept -- --built                      installs Debian from a medium that is built of its packages, on a libvirt of
                                               its own; only the package registries must be reachable
    --firmware bios,uefi,secure    which firmwares; all by default
    --memory SIZE                  of the machine; 4GiB by default
    --product NAME                 of a medium with Agama that isn't openSUSE's, such as SLES
    --report FILE                  accept-report.md by default

The libvirt is KVM_DEPLOY_CONNECTION, or qemu:///system. It needs a network to the distribution's servers.`;

/** @throws Error with the usage */
export function parseAcceptOptions(args: readonly string[]): AcceptOptions {
  const { values, positionals } = parse(args);
  const media = mediaOf(values, positionals);
  if (media.length === 0) throw misused("nothing to install is given");
  return {
    media,
    firmwares: values.firmware === undefined ? firmwares : values.firmware.split(",").map(firmwareOf),
    memory: values.memory ?? (values.built === true ? "1GiB" : "4GiB"),
    report: values.report ?? "accept-report.md",
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        iso: { type: "string" },
        sha256: { type: "string" },
        built: { type: "boolean" },
        firmware: { type: "string" },
        memory: { type: "string" },
        report: { type: "string" },
        product: { type: "string" },
        yes: { type: "boolean" },
      },
    });
  } catch (cause) {
    throw misused(cause instanceof Error ? cause.message : "unknown arguments");
  }
}

interface MediumValues {
  readonly iso?: string | undefined;
  readonly sha256?: string | undefined;
  readonly built?: boolean | undefined;
  readonly product?: string | undefined;
}

function mediaOf({ iso, sha256, built, product }: MediumValues, names: readonly string[]): Medium[] {
  if (iso !== undefined && sha256 === undefined) throw misused("--iso needs --sha256, the sum of the distribution");
  if (built === true && (iso !== undefined || names.length > 0))
    throw misused("--built has a libvirt of its own, so it can't be used together with other media");
  return [
    ...names.map((name): Medium => ({ kind: "release", name, ...withProduct(product ?? leapOf(name)) })),
    ...(iso === undefined ? [] : [{ kind: "iso", file: iso, sha256: sha256 ?? "", ...withProduct(product) } as const]),
    ...(built === true ? [{ kind: "built" } as const] : []),
  ];
}

function withProduct(product: string | undefined): { product?: string } {
  return product === undefined ? {} : { product };
}

/** Agama's name for what a release of Leap installs; other installers have no such names. */
function leapOf(release: string): string | undefined {
  const version = /^opensuse:(\d+\.\d+)/.exec(release)?.[1];
  return version !== undefined && Number(version) >= 16 ? `Leap_${version}` : undefined;
}

function firmwareOf(name: string): Firmware {
  const found = firmwares.find((each) => each === name);
  if (found === undefined) throw misused(`"${name}" is no firmware; there are ${firmwares.join(", ")}`);
  return found;
}

function misused(what: string): Error {
  return new Error(`${what}\n${usage}`);
}
