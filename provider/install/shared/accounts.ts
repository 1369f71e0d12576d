import { z } from "zod";
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
