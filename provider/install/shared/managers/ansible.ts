import { z } from "zod";
import type { Rule } from "../../../resource/rules";
import type { SystemUser } from "../accounts";
import type { TakeOver } from "./manager";

export const ansible = z.strictObject({
  user: z.string().optional().meta({
    description:
      "The account that Ansible logs in as: root, or one of `users`, with a key. Default: root if it has a key, else the first user with one.",
    sets: "the machine's ansibleInventory",
  }),
});

export type Ansible = z.output<typeof ansible>;

interface Accounts {
  readonly rootKeys: readonly string[];
  readonly users: readonly SystemUser[];
}

/** Nothing runs on the machine by itself: Ansible needs a way in, and Python. */
export const ansibleTakeOver: TakeOver = { title: "Ansible", packages: ["python3"], program: "python3", files: [] };

/** The account that Ansible logs in as. */
export function ansibleUser({ user }: Ansible, { rootKeys, users }: Accounts): string {
  if (user !== undefined) return user;
  return rootKeys.length > 0 ? "root" : (users.find(({ keys }) => keys.length > 0)?.name ?? "root");
}

export const ansibleRule: Rule<Ansible, Accounts> = (given, report, accounts) => {
  const name = ansibleUser(given, accounts);
  const at = given.user === undefined ? [] : ["user"];
  const account =
    name === "root" ? { keys: accounts.rootKeys, sudo: true } : accounts.users.find((one) => one.name === name);
  if (account === undefined) report(at, `"${name}" is neither root nor one of \`users\`; add it there`);
  else if (account.keys.length === 0)
    report(
      at,
      `needs a key of ${name} to log in; add it to ${name === "root" ? "`rootKeys`" : `the \`keys\` of ${name}`}`,
    );
  else if (account.sudo === false) report(at, `needs root's rights; set \`sudo: passwordless\` of ${name}`);
};
