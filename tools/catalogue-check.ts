/**
 * Asks the distributions' servers for each release of the catalogue: whether the list of sums and its signature exist and verify,
 * and whether the image exists. Nothing is written. Arguments: names or the first parts of names (`debian`, `fedora:44`), and
 * `--catalogue FILE` for another catalogue.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { EnvHttpProxyAgent, fetch } from "undici";
import { openFetch } from "../provider/host/fetch";
import { parseCatalogue } from "../provider/releases/catalogue";
import { KvmError, messageOf } from "../provider/values/errors";
import { checkNames, chosenNames, isFailure, reportOf } from "./catalogue-check/check";

const shipped = path.join(path.dirname(__dirname), "provider/releases/catalogue.yaml");
const patience = 20_000;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { catalogue: { type: "string", default: shipped } },
    allowPositionals: true,
  });
  const catalogue = parseCatalogue(readFileSync(values.catalogue, "utf8"), values.catalogue);
  const names = chosenNames(catalogue, positionals);
  const findings = await checkNames(names, catalogue, { fetch: openFetch({ rests: [2_000], patience }), sizeOf });
  console.log(reportOf(findings));
  if (findings.some(isFailure)) process.exitCode = 1;
}

async function sizeOf(url: string): Promise<number | undefined> {
  const limits = { headersTimeout: patience, connect: { timeout: patience } };
  const response = await fetch(url, { method: "HEAD", dispatcher: new EnvHttpProxyAgent(limits) });
  if (!response.ok) throw new KvmError("not-found", `${url}: the server answered ${response.status}`);
  const length = response.headers.get("content-length");
  return length === null ? undefined : Number(length);
}

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
