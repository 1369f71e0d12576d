import type { z } from "zod";

/** An installer and its answer format. */
export type FamilyId = "debian";

/** A file that is added to the installer: into its initrd, or into the ISO's file system. */
export interface AddedFile {
  /** Without a leading slash. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Permission bits, such as 0o600. */
  readonly mode: number;
}

/** What an ISO is seen to hold, before anything of it is unpacked. */
export interface IsoFacts {
  readonly volumeId: string;
  /** Every file's path, without a leading slash. */
  readonly files: ReadonlySet<string>;
  /** The texts of the files that the families name in `probes`. */
  readonly texts: ReadonlyMap<string, string>;
}

export interface Release {
  readonly family: FamilyId;
  /** As the ISO names itself, such as `Debian GNU/Linux 13.2.0 "Trixie"`. */
  readonly title: string;
  /** Such as `13.2.0`. */
  readonly version: string;
  readonly codename?: string;
}

/** Where an ISO keeps what the remaster touches. */
export interface BootMedia {
  readonly kernel: string;
  readonly initrd: string;
  /** isolinux or syslinux configuration that BIOS boots read first. */
  readonly isolinux: readonly string[];
  /** GRUB configurations that UEFI (and newer BIOS) boots read first. */
  readonly grub: readonly string[];
  /** The list of MD5 sums to keep true, if the ISO has one. */
  readonly md5sums?: string;
  /** Arguments that the installer's own menu entries give and that must stay. */
  readonly baseArguments: readonly string[];
}

/** What makes the installer run unattended. */
export interface Answers {
  /** Laid over the root of the installer's initrd. */
  readonly initrd: readonly AddedFile[];
  /** Kernel arguments for the installer. */
  readonly bootArguments: readonly string[];
}

/** How to reach what was installed. No secrets. */
export interface HandOver {
  /** The account that the answers give a key or a password to. */
  readonly login: string;
  /** Public SSH host keys as in known_hosts, without a host: `ssh-ed25519 AAAA…`. */
  readonly hostKeys: readonly string[];
}

/** Text files on the machine that runs Pulumi, read beforehand; `path` is for messages. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** The template of the answers and the table that gives its variables. */
export interface TemplatePair {
  readonly template: TextFile;
  readonly table: TextFile;
}

export interface AnswersRequest<Options> {
  readonly options: Options;
  /** What the table's paths lead into, beside the options: the user's data, or the whole configuration. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly pair: TemplatePair;
  /** The line that the guest writes to its second serial port when the installation is complete. */
  readonly mark: string;
}

/** Everything that differs between installer families. Pure: no effects, no Pulumi. */
export interface Family<Options = unknown> {
  readonly id: FamilyId;
  readonly options: z.ZodType<Options>;
  /** What `detect` looks for, in words. */
  readonly recognisedBy: string;
  /** Those of the ISO's files that `detect` and the remaster read as text. */
  probes(files: ReadonlySet<string>): readonly string[];
  /** The shipped template and table, as paths below this family's folder. */
  readonly shipped: { readonly template: string; readonly table: string };
  /** Undefined when the ISO isn't of this family. */
  detect(iso: IsoFacts): Release | undefined;
  media(iso: IsoFacts): BootMedia;
  /** Throws KvmError with the option's property path or the template's line. */
  answers(request: AnswersRequest<Options>): Answers;
  handOver(options: Options): HandOver;
  /** The stage that a line of the installer's log begins, such as `partitioning`; undefined for all other lines. */
  stageOf(logLine: string): string | undefined;
}
