import { z } from "zod";
import { mirrorUrl } from "../shared/urls";

const id = (what: string, example: string) =>
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9+._:-]*$/, {
    error: ({ input }) => `${JSON.stringify(input)} is not ${what}; write it like "${example}"`,
  });

const registration = z.strictObject({
  code: z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/, { error: "is not a registration code; copy it from SUSE's customer center" })
    .meta({ description: "Registration code of the product.", sets: "suse_register/reg_code", secret: true }),
  email: z.email({ error: "is not an e-mail address" }).optional().meta({
    description: "E-mail address that it is registered with.",
    sets: "suse_register/email",
  }),
});

const repository = z.strictObject({
  url: mirrorUrl.meta({ description: "Where the repository lies.", sets: "add-on/media_url" }),
  folder: z
    .string()
    .regex(/^\/[\x21-\x7e]*$/, {
      error: ({ input }) => `${JSON.stringify(input)} is not a directory; start it with a slash`,
    })
    .default("/")
    .meta({ description: "Directory of the product below the URL.", sets: "add-on/product_dir" }),
});

/** Options that only AutoYaST has. */
export const suseOptions = z.strictObject({
  product: id("a product", "SLES").optional().meta({
    description:
      "The product to install, where the ISO has several, as those of SLE 15 have. Default: the ISO's only one.",
    sets: "software/products",
  }),
  modules: z.array(id("a module", "sle-module-basesystem")).optional().meta({
    description:
      "Modules of SLE, from SUSE's servers with a `registration`, else from the ISO; what others depend on comes first. Default: sle-module-basesystem where `product` starts with SLE, else none.",
    sets: "suse_register/addons, add-on/product_dir",
  }),
  registration: registration.optional().meta({
    description: "Registers the system with SUSE, whose servers then give the packages.",
    sets: "suse_register",
    secret: true,
  }),
  repositories: z
    .array(repository)
    .default([])
    .meta({ description: "Further repositories to install from.", sets: "add-on/add_on_products" }),
  excludedPackages: z.array(id("a package", "plymouth")).default([]).meta({
    description: "Packages that patterns would bring, and that are left out.",
    sets: "software/remove-packages",
  }),
  recommends: z
    .boolean()
    .default(true)
    .meta({ description: "Whether recommended packages are installed too.", sets: "software/install_recommended" }),
  firewall: z
    .boolean()
    .default(true)
    .meta({ description: "Whether there is a firewall, which lets SSH in.", sets: "firewall/enable_firewall" }),
  enabledServices: z
    .array(id("a service", "sshd"))
    .default(["sshd"])
    .meta({ description: "Services that start with the new system.", sets: "services-manager/services/enable" }),
});

export type SuseOptions = z.output<typeof suseOptions>;

export const suseInput = suseOptions.optional().meta({
  description: "Options that only AutoYaST has; {} says that the ISO is one of Leap 15 or SLES 15.",
  sets: "autoinst.xml",
});
