import { parseArgs } from "node:util";

export interface DemoOptions {
  readonly action: "up" | "destroy";
  /** Path or URL of an installer ISO; undefined: one is built. */
  readonly iso: string | undefined;
  readonly sha256: string | undefined;
}

export const usage = `npm run demo [-- [--iso FILE|URL --sha256 SUM] [--yes]]   creates a Debian machine from examples/debian-minimal
npm run demo -- destroy                                   removes it again`;

/** @throws Error with the usage when the arguments don't fit */
export function parseDemoOptions(args: readonly string[], hasOwnLibvirt: boolean): DemoOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { iso: { type: "string" }, sha256: { type: "string" }, yes: { type: "boolean" } },
  });
  const [action = "up", ...rest] = positionals;
  if (rest.length > 0 || (action !== "up" && action !== "destroy"))
    throw new Error(`unknown arguments: ${positionals.join(" ")}\n${usage}`);
  if (values.iso !== undefined && values.sha256 === undefined) {
    throw new Error(`--iso needs --sha256 with the sum that the distribution publishes\n${usage}`);
  }
  if (action === "up" && hasOwnLibvirt && values.iso === undefined) {
    throw new Error(
      `with your own libvirt, give an installer ISO by --iso: the README says where Debian's is\n${usage}`,
    );
  }
  return { action, iso: values.iso, sha256: values.sha256 };
}
