import type { z } from "zod";
import type { RenderedText } from "../format/template";
import type { Failure } from "../resource/handler";
import type { FamilyId } from "./index";
import type { Needs } from "./shared/needs";
import type { SystemOptions } from "./shared/system";

/** A file that is added to the installer: into its initrd, or into the ISO's file system. */
export interface AddedFile {
  /** Without a leading slash. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Permission bits, such as 0o600. */
  readonly mode: number;
}

/** What an ISO holds, as far as is known before anything of it is unpacked. */
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
  /** Whether the packages to install are on the ISO, where that matters to the family. */
  readonly hasPackages?: boolean;
}

/** Where an ISO keeps what the remaster touches. */
export interface BootMedia {
  readonly kernel: string;
  readonly initrd: string;
  /** isolinux or syslinux configuration that BIOS boots read first. */
  readonly isolinux: readonly string[];
  /** GRUB configurations of the ISO's file system that UEFI (and newer BIOS) boots read first. */
  readonly grub: readonly string[];
  /** GRUB configurations inside an EFI image, which count when the ISO is on a stick; changed where they are there. */
  readonly efiGrub: readonly EfiGrub[];
  /** The list of MD5 sums to keep true, if the ISO has one. */
  readonly md5sums?: string;
  /** Whether an MD5 sum in the volume descriptor (isomd5sum's) is to be made right, if the ISO has one. */
  readonly implantedMd5: boolean;
  /** Arguments that the installer's own menu entries give and that must stay. */
  readonly baseArguments: readonly string[];
}

/** A GRUB configuration inside a FAT image. */
export interface EfiGrub {
  /** The image: a file of the ISO, or `appended` for the EFI partition after the ISO's file system. */
  readonly image: string;
  /** Its path in the image, such as `EFI/BOOT/grub.cfg`. */
  readonly file: string;
}

/** What makes the installer run unattended. */
export interface Answers {
  /** Laid over the root of the installer's initrd. */
  readonly initrd: readonly AddedFile[];
  /** Laid over the ISO's own file system. */
  readonly iso: readonly AddedFile[];
  /** Kernel arguments for the installer. */
  readonly bootArguments: readonly string[];
  /** What the template made: one of the files above, for validators. */
  readonly rendered: RenderedText;
}

/** Text files on the machine that runs Pulumi, read beforehand; `path` is for messages. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
  /** Whether it is the user's, not the family's. */
  readonly isOwn: boolean;
}

/** The template of the answers and the table that gives its variables. */
export interface TemplatePair {
  readonly template: TextFile;
  readonly table: TextFile;
}

export interface AnswersRequest<Own> {
  /** The options that all families share. */
  readonly system: SystemOptions;
  /** The options that only this family has. */
  readonly own: Own;
  /** What the table's paths lead into, in addition to the options: the user's data, or the whole configuration. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly pair: TemplatePair;
  /** The line that the guest writes to its second serial port when the installation is complete. */
  readonly mark: string;
}

/** A program that reads answers as the installer will. Only described here; `validate.ts` runs it. */
export interface Validator {
  /** The program and its arguments; `FILE` stands for the path of the file with the answers. */
  readonly command: readonly string[];
  /** A file of settings for it, which it finds by a variable of the environment. */
  readonly settings?: { readonly variable: string; readonly content: string };
  /** Where users get the program, for the notice that it is missing: `the package debconf`. */
  readonly obtainedFrom: string;
  /** Why it can't judge these answers at all, such as a release that is newer than it; undefined where it can. */
  readonly ignorance?: (outcome: ValidatorOutcome) => string | undefined;
  /** What it found wrong; a line is one of the rendered text, counted from 1. */
  parse(outcome: ValidatorOutcome): readonly AnswersProblem[];
}

export interface ValidatorOutcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface AnswersProblem {
  readonly line?: number;
  readonly message: string;
}

/** The answers of a user's own template, and what they go with. */
export interface OwnAnswers {
  readonly rendered: RenderedText;
  readonly system: SystemOptions;
  /** Of the ISO, where it is at hand. */
  readonly release: Release | undefined;
}

/** What a look at the answers finds; a notice is reported, and refuses nothing. */
export interface Finding extends AnswersProblem {
  readonly isNotice?: boolean;
}

/** What differs between installer families. Pure: no effects, no Pulumi. */
export interface FamilyDefinition<Own> {
  readonly id: FamilyId;
  /** The options that only this family has; all of them may be left out. */
  readonly options: z.ZodType<Own>;
  /** What `detect` looks for, in words. */
  readonly recognisedBy: string;
  /** Those of the ISO's files that `detect` and the remaster read as text. */
  probes(files: ReadonlySet<string>): readonly string[];
  /** The shipped template and table, as paths below this family's directory. */
  readonly shipped: { readonly template: string; readonly table: string };
  /** Undefined when the ISO isn't of this family. @throws KvmError for its live systems, which take no answers */
  detect(iso: IsoFacts): Release | undefined;
  media(iso: IsoFacts): BootMedia;
  /** What of the shared options this installer can't do, each with its path (`system.disk.layout`) and what to do. */
  limits(system: SystemOptions, own: Own): readonly Failure[];
  /** What of them the ISO of this release can't do with the shipped template. */
  releaseLimits?(release: Release, system: SystemOptions, own: Own): readonly Failure[];
  /** @param title of the release, as the ISO or the catalogue names it */
  needs(title: string): Needs;
  /** @throws KvmError with the template's or the table's line */
  answers(request: AnswersRequest<Own>): Answers;
  /**
   * What in the answers of a user's own template keeps the installer from ending by itself, or makes another disk than they
   * seem to say. What kvm-deploy can add or override is no finding.
   */
  review?(answers: OwnAnswers): readonly Finding[];
  /** The program outside that reads the answers, where there is one. @param release of the ISO, where it is at hand */
  validator?(release: Release | undefined): Validator;
  /** The stage that starts with a line of the installer's log, such as `partitioning`; undefined for all other lines. */
  readonly stageOf: (logLine: string) => string | undefined;
  /**
   * A problem that a line of the installer's log reports, in the installer's own words. Only of kinds of lines that can't
   * quote a secret of the answers.
   */
  readonly problemOf?: (logLine: string) => string | undefined;
  /** What the console is waiting for an answer to, if it shows a prompt, such as `the installer asks "Low memory"`. */
  readonly promptOf: (screen: readonly string[]) => string | undefined;
  /** The percentage of the current step, where the console shows one. */
  readonly percentOf?: (screen: readonly string[]) => number | undefined;
  /** Words on the console after which the installer may quote its answers, with their secrets. */
  readonly quotesAnswers?: RegExp;
}

/** A family as the rest of the program has it: its own options come as the user gave them. */
export type Family = FamilyDefinition<unknown> & Required<Pick<FamilyDefinition<unknown>, "releaseLimits">>;

/** Of a family's own options, those that were given, or none at all. */
export function defineFamily<Own>(definition: FamilyDefinition<Own>): Family {
  const complete = (own: unknown) => definition.options.parse(own ?? {});
  return {
    ...definition,
    limits: (system, own) => definition.limits(system, complete(own)),
    releaseLimits: (release, system, own) => definition.releaseLimits?.(release, system, complete(own)) ?? [],
    answers: (request) => definition.answers({ ...request, own: complete(request.own) }),
  };
}
