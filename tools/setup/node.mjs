import path from "node:path";
import { say, SetupError } from "./report.mjs";
import { capture, run } from "./run.mjs";
import { isAtLeast } from "./versions.mjs";

const LEAST = "22.12";

export const node = {
  name: "Node",
  check: (context) => (findNode(context) ? undefined : `no Node ${LEAST} or newer`),
  async apply(context) {
    say(`getting Node ${LEAST} or newer (npm package "node"; this machine's own is ${process.version})`);
    // npm may have been told to run no install scripts; this one fetches the program, as an npm package too.
    await run(process.execPath, ["installArchSpecificPackage.js"], {
      cwd: path.join(context.root, "node_modules/node"),
    });
    if (!findNode(context))
      throw new SetupError(`Node ${LEAST} or newer could not be installed; install it and run this again`);
  },
};

/** The Node that runs the programs: {file, version}. The one from npm, else the machine's own. */
export function findNode(context) {
  context.node ??= [path.join(context.root, "node_modules/.bin/node"), process.execPath]
    .map((file) => ({ file, version: capture(file, ["--version"])?.trim() ?? "" }))
    .find(({ version }) => isAtLeast(version, LEAST));
  return context.node;
}
