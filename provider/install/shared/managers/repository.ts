import { z } from "zod";
import type { AddedFile } from "../../family";
import { mirrorUrl } from "../urls";
import { onlyLineFeeds } from "./text";

const word = (what: string, example: string) =>
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/, {
    error: ({ input }) => `"${String(input)}" is not ${what}; write it like "${example}"`,
  });

/** A repository that isn't the distribution's own. Its signature is verified. */
export const repository = z.strictObject({
  url: mirrorUrl.meta({
    description: "URL of the repository; for dnf and zypper, the directory that has `repodata`.",
    sets: "URIs, baseurl",
  }),
  key: z
    .string()
    .refine(
      (text) =>
        !text.includes("PRIVATE KEY") &&
        /^\s*-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n[^]*\n-----END PGP PUBLIC KEY BLOCK-----\s*$/.test(text),
      {
        error:
          'is not an OpenPGP public key; give the key\'s text, which starts with "-----BEGIN PGP PUBLIC KEY BLOCK-----"',
      },
    )
    .transform(onlyLineFeeds)
    .meta({ description: "The public OpenPGP key of the repository's signature.", sets: "Signed-By, gpgkey" }),
  suite: word("a suite", "stable")
    .optional()
    .meta({ description: "The suite, for apt alone, which needs it.", sets: "Suites" }),
  components: z
    .array(word("a component", "main"))
    .min(1, { error: "is empty; leave it out" })
    .optional()
    .meta({ description: "The components, for apt alone. Default: main.", sets: "Components" }),
});

export type Repository = z.output<typeof repository>;

/** The repository in the words of apt, and of dnf and zypper: the new system takes what it knows. */
export function repositoryFiles({ url, key, suite = "", components = ["main"] }: Repository): AddedFile[] {
  const apt = ["Types: deb", `URIs: ${url}`, `Suites: ${suite}`, `Components: ${components.join(" ")}`];
  const rpm = ["[kvm-deploy]", "name=The repository of the hand-over", `baseurl=${url}`, "enabled=1", "gpgcheck=1"];
  return [
    file("key", [key.trimEnd()]),
    file("apt", [...apt, "Signed-By: /etc/apt/keyrings/kvm-deploy.asc"]),
    file("rpm", [...rpm, "gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-kvm-deploy"]),
  ];
}

function file(path: string, lines: readonly string[]): AddedFile {
  return { path, content: lines.map((line) => `${line}\n`).join(""), mode: 0o644 };
}
