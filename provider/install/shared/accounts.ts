import { z } from "zod";
import { each } from "../../resource/known";
import { differ, eachIn, reportRepeated, type Rule } from "../../resource/rules";
import { problemOfAuthorizedKey } from "./ssh-keys";

/** The forms of crypt(3) that today's Linux knows: yescrypt, SHA-512, SHA-256, bcrypt and the like. */
const hash = /^\$[0-9a-z]{1,3}\$[A-Za-z0-9./$=,+-]{20,}$/;

/** The message never repeats the value: it may be the plain password. */
export const passwordHash = z.string().regex(hash, {
  error:
    "must be a crypt(3) hash, not a password; make one with `mkpasswd -m yescrypt` (Debian: in the package whois) or `openssl passwd -6`",
});

/** A line of authorized_keys: a public key, and what sshd is to allow it before it. */
export const publicKey = z
  .string()
  .trim()
  .superRefine((line, context) => {
    const problem = line.includes("PRIVATE KEY")
      ? "is a private key; give the content of the .pub file"
      : problemOfAuthorizedKey(line);
    if (problem !== undefined) context.addIssue(problem);
  });

/**
 * What useradd takes as a name in every distribution: also capitals and dots, as directories of companies have them. A group
 * stays with what groupadd takes in the oldest of them.
 */
export const userName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/, {
  error: ({ input }) =>
    `"${String(input)}" is not a user name; use 1 to 32 letters, digits, hyphens, underscores and dots, with a letter first`,
});

const groupName = z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, {
  error: ({ input }) =>
    `"${String(input)}" is not a group name; use 1 to 32 small letters, digits, hyphens and underscores, with a letter first`,
});

/** useradd refuses further characters in either, and white space would end a word of its arguments. */
const accountPath = (example: string) =>
  z.string().regex(/^(\/[A-Za-z0-9_][A-Za-z0-9_.+-]*)+$/, {
    error: ({ input }) =>
      `"${String(input)}" is not an absolute path without special characters; write it like "${example}"`,
  });

/** From the first one that distributions give to users; not those of nobody, and of no user at all in 16 bits. */
const uid = z
  .int()
  .min(1000, { error: "is below 1000, where the distribution's own accounts are" })
  .max(2_000_000_000, { error: "is above 2000000000" })
  .refine((number) => number !== 65534 && number !== 65535, {
    error: "is a number that the kernel and distributions use for accounts without one; choose another",
  });

/** Root and programs have files there, or the directory is empty after each start. */
const ofTheSystem =
  /^\/(?:(?:bin|boot|dev|etc|lib\d*|proc|root|run|sbin|sys|tmp|usr(?!\/local\/.))(?:\/|$)|(?:home|media|mnt|opt|srv|var)$|var\/(?:cache|lib|lock|log|opt|run|spool|tmp)$)/;

export const user = z.strictObject({
  name: userName.meta({ description: "Login name.", sets: "useradd" }),
  fullName: z
    .string()
    .regex(/^[^\p{Cc}:]*$/u, { error: "must be one line without colons" })
    .default("")
    .meta({ description: "The person's name.", sets: "useradd --comment" }),
  uid: uid.optional().meta({
    description:
      "Number of the user, and of the group of the same name where the distribution makes one. Default: the next free one.",
    sets: "useradd --uid",
  }),
  shell: accountPath("/usr/bin/zsh").optional().meta({
    description:
      "Login shell. The packages of zsh, fish and tcsh are installed for it; name others in `packages`. Without the shell the installation fails. Default: /bin/bash.",
    sets: "useradd --shell",
  }),
  home: accountPath("/srv/ann")
    .refine((path) => !ofTheSystem.test(path), {
      error: ({ input }) =>
        `"${String(input)}" is a directory of the system's own; give one that only the user has, such as "/srv/ann"`,
    })
    .optional()
    .meta({ description: "Home directory. Default: below /home.", sets: "useradd --home-dir" }),
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
    .array(groupName)
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

/** Whether another user belongs to the group of this one: made for the other first, the group would be in the way. */
export function isGroupOfOthers({ name }: SystemUser, users: readonly SystemUser[]): boolean {
  return users.some((other) => other.name !== name && other.groups.includes(name));
}

/** Whether the account is made otherwise than the distribution makes accounts by itself, and before all of those. */
export function hasTraits(user: SystemUser, users: readonly SystemUser[]): boolean {
  return [user.uid, user.shell, user.home].some((trait) => trait !== undefined) || isGroupOfOthers(user, users);
}

/** As the distributions make it. */
function homeOf({ name, home }: SystemUser): string {
  return home ?? `/home/${name}`;
}

/** What no single account can say of itself. */
export const userRules: readonly Rule<{ readonly users: readonly SystemUser[] }>[] = [
  eachIn("users", ({ name }, report) => {
    if (name === "root") report(["name"], "root is there already; use rootKeys and rootPassword");
  }),
  eachIn("users", ({ name, sudo }, report) => {
    if (sudo !== false && /^[A-Z][A-Z0-9_]*$/.test(name))
      report(
        ["sudo"],
        `can't be given to ${name}: sudo takes a name of capitals alone for an alias. Add a small letter to the name`,
      );
  }),
  differ("users", ["name"], (name, first) => `"${name}" is users[${first}] already; give each name once`),
  ({ users }, report) => {
    reportRepeated(each(users, homeOf), (home, index, first) => {
      const field = users[index]?.home === undefined ? "name" : "home";
      // Of two users with one name the other rule says it.
      if (field === "home" || users[first]?.home !== undefined)
        report(["users", index, field], `${home} is the home directory of users[${first}] already; give each its own`);
    });
  },
  differ("users", ["uid"], (uid, first) => `${uid} is that of users[${first}] already; give each number once`),
];
