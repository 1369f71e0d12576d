import { z } from "zod";
import type { Rule } from "../../../resource/rules";
import { tangUrl } from "../urls";

/** The other registers measure what updates change: boot order, boot loader, kernel and its arguments. */
const lastingPcrs: readonly number[] = [0, 2, 3, 7];

const pcr = z.int().refine((number) => lastingPcrs.includes(number), {
  error: ({ input }) =>
    `${String(input)} is not a register that keeps its value when the boot loader or the kernel is updated; there are ${lastingPcrs.join(", ")}`,
});

const sealing = z.strictObject({
  pcrs: z.array(pcr).min(1, { error: "is empty; write `tpm2: true` for none" }).meta({
    description:
      "Platform configuration registers (PCRs) of the bank SHA-256 that must have the value of the first start after the installation: 0 is the firmware, 2 and 3 are the ROMs of devices, 7 is the state of Secure Boot. That start itself is opened without a look at them. After a change, such as an update of the firmware on the host, the machine asks as without a TPM.",
    sets: "clevis tpm2: pcr_ids",
  }),
});

const tangServer = z.strictObject({
  url: tangUrl.meta({
    description:
      "URL of the server, by http: what clevis and Tang exchange is encrypted by themselves, and the initial RAM disk has no certificates for https.",
    sets: "clevis tang: url",
  }),
  thumbprint: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, {
      error:
        "must be a SHA-256 thumbprint, which has 43 letters, digits, hyphens and underscores; `tang-show-keys` shows it on the server",
    })
    .meta({
      description:
        "Thumbprint (SHA-256) of the server's signing key, as `tang-show-keys` shows it there. No other server is trusted.",
      sets: "clevis tang: thp",
    }),
});

/** What opens an encrypted disk at the machine's start. */
export const unlock = z.strictObject({
  tpm2: z.union([z.boolean(), sealing]).default(false).meta({
    description:
      "Whether the machine's TPM 2.0 opens the disk; the Machine needs a `tpm`. With `true`, any system that is started on this machine can open the disk, and a copy of the disk elsewhere can't be opened.",
    sets: "clevis tpm2",
  }),
  tang: z
    .array(tangServer)
    .default([])
    .meta({ description: "Tang servers that open the disk where they are in reach.", sets: "clevis tang" }),
  threshold: z
    .int()
    .min(1)
    .default(1)
    .meta({ description: "How many of the TPM and the Tang servers are needed together.", sets: "clevis sss: t" }),
});

export type UnlockOptions = z.output<typeof unlock>;

export function usesTpm({ unlock }: { readonly unlock?: UnlockOptions | undefined }): boolean {
  return unlock !== undefined && unlock.tpm2 !== false;
}

export function usesRegisters({ tpm2 }: UnlockOptions): boolean {
  return typeof tpm2 === "object";
}

export function withoutRegisters(unlock: UnlockOptions): UnlockOptions {
  return usesRegisters(unlock) ? { ...unlock, tpm2: true } : unlock;
}

export function usesTang({ unlock }: { readonly unlock?: UnlockOptions | undefined }): boolean {
  return unlock !== undefined && unlock.tang.length > 0;
}

/** A policy of clevis: the name of its pin, and the pin's configuration. */
export interface Binding {
  readonly pin: "tpm2" | "tang" | "sss";
  readonly config: object;
}

/** One binding for all of it: a server that doesn't answer then delays no other. */
export function bindingOf({ tpm2, tang, threshold }: UnlockOptions): Binding {
  const ofTpm = tpm2 === false ? [] : [sealingConfig(tpm2)];
  const ofTang = tang.map(({ url, thumbprint }) => ({ url: url.replace(/\/+$/, ""), thp: thumbprint }));
  const [tpm, server] = [ofTpm[0], ofTang[0]];
  if (tpm !== undefined && server === undefined) return { pin: "tpm2", config: tpm };
  if (server !== undefined && tpm === undefined && ofTang.length === 1) return { pin: "tang", config: server };
  const pins = { ...(tpm === undefined ? {} : { tpm2: tpm }), ...(server === undefined ? {} : { tang: ofTang }) };
  return { pin: "sss", config: { t: threshold, pins } };
}

/** By itself clevis takes the bank SHA-1, which new TPMs don't have. */
function sealingConfig(tpm2: Exclude<UnlockOptions["tpm2"], false>): object {
  return tpm2 === true ? {} : { pcr_bank: "sha256", pcr_ids: [...tpm2.pcrs].sort((one, other) => one - other).join() };
}

interface Unlocked {
  readonly layout: string;
  readonly unlock?: UnlockOptions | undefined;
}

export const unlockRule: Rule<Unlocked> = ({ layout, unlock }, report) => {
  if (unlock === undefined) return;
  if (layout !== "encrypted")
    report(["unlock"], `is of no use to the layout ${layout}; leave it out, or take the layout encrypted`);
  const { tpm2, tang, threshold } = unlock;
  const count = (tpm2 === false ? 0 : 1) + tang.length;
  if (count === 0) report(["unlock"], "names neither `tpm2` nor `tang`; give one of them, or leave it out");
  else if (threshold > count)
    report(["unlock", "threshold"], `is ${threshold}, but there are ${count} to open the disk; give ${count} or less`);
  tang.forEach(({ thumbprint }, index) => {
    if (tang.findIndex((other) => other.thumbprint === thumbprint) < index)
      report(["unlock", "tang", index, "thumbprint"], "is that of a server before it; name each server once");
  });
};
