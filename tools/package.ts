/**
 * npm run package -- [deb|rpm]...: writes the tarball for npm and the packages for operating systems into release/; without
 * a format, both.
 */
import path from "node:path";
import { messageOf } from "../provider/values/errors";
import { buildPackages, packTarball } from "./packages";
import { type Format, formats } from "./packages/description";
import { sourceEpoch } from "./packages/epoch";

const root = path.dirname(__dirname);

async function main(args: readonly string[]): Promise<void> {
  const wanted = args.length === 0 ? formats : args.map(formatOf);
  const target = path.join(root, "release");
  const tarball = await packTarball(target);
  const files = await buildPackages(wanted, tarball, target, await sourceEpoch(root));
  for (const file of [tarball, ...files]) console.log(path.relative(root, file));
}

function formatOf(word: string): Format {
  const format = formats.find((each) => each === word);
  if (format === undefined) throw new Error(`there is no format ${word}; the formats are ${formats.join(" and ")}`);
  return format;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
