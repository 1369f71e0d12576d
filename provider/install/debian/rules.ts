import type { z } from "zod";
import { addressToNumber, parseCidr, subnetRange } from "../../scalars";

interface Candidate {
  readonly users: readonly { readonly name: string }[];
  readonly network?: { readonly address: string; readonly gateway?: string | undefined } | undefined;
  readonly mirror?: string | undefined;
  readonly disk: { readonly recipe: string };
}

type Report = (path: (string | number)[], message: string) => void;

/** What no single option can say of itself. */
export function debianRules(options: Candidate, context: z.core.$RefinementCtx): void {
  const report: Report = (path, message) => context.addIssue({ code: "custom", path, message, input: options });
  checkUsers(options.users, report);
  if (options.network !== undefined) checkNetwork(options.network, report);
  if (options.mirror !== undefined) checkMirror(options.mirror, report);
  checkRecipe(options.disk.recipe, report);
}

function checkUsers(users: Candidate["users"], report: Report): void {
  users.forEach(({ name }, index) => {
    const first = users.findIndex((user) => user.name === name);
    if (name === "root") report(["users", index, "name"], "root is there already; use rootKeys and rootPassword");
    if (first < index) report(["users", index, "name"], `"${name}" is users[${first}] already; give each name once`);
  });
}

function checkNetwork({ address, gateway }: NonNullable<Candidate["network"]>, report: Report): void {
  const cidr = parseCidr(address);
  if (cidr === undefined) return;
  const { first, last } = subnetRange(cidr);
  const isReserved = (number: number) => cidr.prefix <= 30 && (number === first || number === last);
  if (isReserved(cidr.address))
    report(["network", "address"], `${address} is the subnet's own or its broadcast address`);
  if (gateway === undefined) return;
  const number = addressToNumber(gateway);
  if (number < first || number > last) {
    report(["network", "gateway"], `${gateway} is not in the subnet of ${address}; give the router's address there`);
  } else if (number === cidr.address || isReserved(number)) {
    report(["network", "gateway"], `${gateway} can't be the router of ${address}; give another address of the subnet`);
  }
}

function checkMirror(mirror: string, report: Report): void {
  const { username, password, search, hash } = new URL(mirror);
  if (`${username}${password}${search}${hash}` === "") return;
  report(["mirror"], "must have neither login, query nor fragment; give protocol, host, port and directory only");
}

export const namedRecipes: readonly string[] = ["atomic", "home", "multi"];

function checkRecipe(recipe: string, report: Report): void {
  if (namedRecipes.includes(recipe) || recipe.includes("::")) return;
  report(
    ["disk", "recipe"],
    `"${recipe}" is neither ${namedRecipes.join(", ")} nor an expert recipe, which begins like "name :: 1024 1024 -1 ext4"`,
  );
}
