import path from "node:path";
import { findNode } from "./node.mjs";
import { findPulumi } from "./pulumi.mjs";
import { pythonFolders } from "./python-programs.mjs";

/** The environment of the programs: our Node and the Pulumi CLI come first on PATH. */
export function programEnv(context) {
  const directories = [
    path.join(context.root, "node_modules/.bin"),
    path.dirname(findNode(context).file),
    path.dirname(findPulumi(context).file),
    ...(process.env.PATH ?? "").split(path.delimiter),
    ...pythonFolders(context.root),
    // Debian's users don't have these, and libvirtd, dnsmasq and iptables are there.
    ...["/usr/local/sbin", "/usr/sbin", "/sbin"],
  ];
  return { ...process.env, PATH: [...new Set(directories)].join(path.delimiter) };
}
