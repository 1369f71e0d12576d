import { z } from "zod";
import { mirrorUrl } from "../shared/urls";

const id = (what: string, example: string) =>
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9+._:-]*$/, {
    error: ({ input }) => `${JSON.stringify(input)} is not ${what}; write it like "${example}"`,
  });

const repository = z.strictObject({
  alias: id("a name", "tools").meta({ description: "Name of the repository.", sets: "extraRepositories/alias" }),
  url: mirrorUrl.meta({ description: "Where it lies.", sets: "extraRepositories/url" }),
  gpgFingerprints: z
    .array(
      z.string().regex(/^([0-9A-F]{4} ?){10}$/i, {
        error: ({ input }) =>
          `"${String(input)}" is not the fingerprint of an OpenPGP key; it has 40 hexadecimal digits`,
      }),
    )
    .optional()
    .meta({
      description:
        "Fingerprints of the keys that its signature may have, in addition to those that the installer trusts.",
      sets: "extraRepositories/gpgFingerprints",
    }),
  allowUnsigned: z
    .boolean()
    .optional()
    .meta({ description: "Whether it need not be signed. Default: false.", sets: "extraRepositories/allowUnsigned" }),
});

const registration = z.strictObject({
  code: z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/, { error: "is not a registration code; copy it from SUSE's customer center" })
    .meta({ description: "Registration code of the product.", sets: "product/registrationCode", secret: true }),
  email: z.email({ error: "is not an e-mail address" }).optional().meta({
    description: "E-mail address that it is registered with.",
    sets: "product/registrationEmail",
  }),
});

/** Options that only Agama has. */
export const agamaOptions = z.strictObject({
  product: id("a product", "SLES").optional().meta({
    description:
      "The product to install, which Agama has no default for: Leap_16.0, openSUSE_Leap (from 16.1 on), SLES, SLES_SAP, Tumbleweed.",
    sets: "product/id",
  }),
  registration: registration.optional().meta({
    description: "Registers the system with SUSE, whose servers then give the packages.",
    sets: "product/registrationCode",
    secret: true,
  }),
  repositories: z
    .array(repository)
    .default([])
    .meta({ description: "Further repositories to install from.", sets: "software/extraRepositories" }),
  recommends: z
    .boolean()
    .default(true)
    .meta({ description: "Whether recommended packages are installed too.", sets: "software/onlyRequired" }),
  storage: z.record(z.string(), z.unknown()).optional().meta({
    description:
      "Agama's own description of disks and file systems, for the layout custom; it says itself what is erased.",
    sets: "storage",
    secret: true,
  }),
});

export type AgamaOptions = z.output<typeof agamaOptions>;

export const agamaInput = agamaOptions.optional().meta({
  description: "Options that only Agama has, the installer of Leap 16, SLES 16 and Tumbleweed.",
  sets: "profile.json",
});
