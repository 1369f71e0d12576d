import { writeFileSync } from "node:fs";
import path from "node:path";

/**
 * A module for `node --require`, by which a dynamic provider does something right before it loads ours. Until then it is
 * Pulumi's alone, which outlives its engine.
 */
export function beforeLoadingOurs(folder: string, action: string): string {
  const file = path.join(folder, "preload.js");
  writeFileSync(
    file,
    `const modules = require("node:module");
    const load = modules._load;
    modules._load = (request, ...others) => {
      if (request === "kvm-deploy/provider" && process.argv[1].includes("dynamic-provider")) {
        modules._load = load;
        ${action}
      }
      return load(request, ...others);
    };`,
  );
  return file;
}
