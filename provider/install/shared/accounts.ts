import { z } from "zod";
import { differ, eachIn, type Rule } from "../../resource/rules";
import { isPublicKey } from "./ssh-keys";

/** The forms of crypt(3) that today's Linux knows: yescrypt, SHA-512, SHA-256, bcrypt and the like. */
const hash = /^\$[0-9a-z]{1,3}\$[A-Za-z0-9./$=,+-]{20,}$/;

/** The message never repeats the value: it may be the plain password. */
export const passwordHash = z.string().regex(hash, {
  error:
    "must be a crypt(3) hash, not a password; make one with `mkpasswd -m yescrypt` (Debian: in the package whois) or `openssl passwd -6`",
});

export const publicKey = z
  .string()
  .trim()
  .refine(isPublicKey, {
    error: ({ input }) =>
      String(input).includes("PRIVATE KEY")
        ? "is a private key; give the content of the .pub file"
        : 'is not a public SSH key; give the content of a .pub file, such as "ssh-ed25519 AAAA… you@example"',
  });

/** What useradd takes as a name in every distribution. */
export const userName = z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, {
  error: ({ input }) =>
    `"${String(input)}" is not a user name; use 1 to 32 small letters, digits, hyphens and underscores, beginning with a letter`,
});

export const user = z.strictObject({
  name: userName.meta({ description: "Login name.", sets: "useradd" }),
  fullName: z
    .string()
    .regex(/^[^\p{Cc}:]*$/u, { error: "must be one line without colons" })
    .default("")
    .meta({ description: "The person's name.", sets: "useradd --comment" }),
  password: passwordHash.optional().meta({
    description: "Hash of the password, as of crypt(3). Default: no login by password.",
    sets: "chpasswd -e",
    secret: true,
  }),
  keys: z
    .array(publicKey)
    .default([])
    .meta({ description: "Public SSH keys that may log in.", sets: "~/.ssh/authorized_keys" }),
  groups: z
    .array(userName)
    .default([])
    .meta({ description: "Further groups that the user belongs to; made where they are missing.", sets: "usermod -G" }),
  sudo: z
    .union([z.boolean(), z.literal("passwordless")], { error: 'must be true, false or "passwordless"' })
    .default(false)
    .meta({
      description:
        "Whether this user may become root by sudo: with the own password (true), or without any; true is without any, too, where the user has none.",
      sets: "/etc/sudoers.d",
    }),
});

export type SystemUser = z.output<typeof user>;

/** What no single account can say of itself. */
export const userRules: readonly Rule<{ readonly users: readonly SystemUser[] }>[] = [
  eachIn("users", ({ name }, report) => {
    if (name === "root") report(["name"], "root is there already; use rootKeys and rootPassword");
  }),
  differ("users", ["name"], (name, first) => `"${name}" is users[${first}] already; give each name once`),
];
