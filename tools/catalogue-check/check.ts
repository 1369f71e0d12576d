import type { Fetch } from "../../provider/host/fetch";
import type { Catalogue } from "../../provider/releases/catalogue";
import { namesIn, pointIn } from "../../provider/releases/names";
import { type Image, resolveRelease } from "../../provider/releases/resolve";
import { KvmError, messageOf } from "../../provider/values/errors";

/** What was found about a name: a verified list of sums that has an image, and an image at its URL. */
export interface Finding {
  readonly name: string;
  readonly result: "verified" | "ended" | "failed" | "unreachable";
  /** The image, or the reason. */
  readonly detail: string;
}

export interface Servers {
  readonly fetch: Fetch;
  /** The size of a file in bytes, if the server says it. @throws Error if there is no such file */
  readonly sizeOf: (url: string) => Promise<number | undefined>;
}

const atOnce = 4;

/** The names that start with one of the given texts, such as `debian` or `debian:13`; without a text, all. */
export function chosenNames(catalogue: Catalogue, texts: readonly string[]): string[] {
  const names = namesIn(catalogue);
  if (texts.length === 0) return names;
  const chosen = texts.flatMap((text) => {
    const fitting = names.filter((name) => isPartOf(text, name));
    return fitting.length === 0 ? [text] : fitting;
  });
  return [...new Set(chosen)];
}

function isPartOf(text: string, name: string): boolean {
  return name === text || name.startsWith(`${text}:`) || name.startsWith(`${text}/`);
}

/** Asks the servers for each name, and for the present point release of each name that has some. */
export async function checkNames(names: readonly string[], catalogue: Catalogue, servers: Servers): Promise<Finding[]> {
  const waiting = [...names];
  const findings = new Map<string, Finding[]>();
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      findings.set(name, await findingsOf(name, catalogue, servers));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return names.flatMap((name) => findings.get(name) ?? []);
}

async function findingsOf(name: string, catalogue: Catalogue, servers: Servers): Promise<Finding[]> {
  try {
    const image = await resolveRelease(name, catalogue, servers);
    const found = { name, result: "verified", detail: await described(image, servers) } as const;
    const point = pointIn(image.url, name, catalogue);
    return point === undefined ? [found] : [found, ...(await findingsOf(point, catalogue, servers))];
  } catch (error) {
    return [{ name, result: resultOf(error), detail: error instanceof KvmError ? error.what : messageOf(error) }];
  }
}

async function described({ url }: Image, { sizeOf }: Servers): Promise<string> {
  const bytes = await sizeOf(url);
  return bytes === undefined ? url : `${url} (${Math.round(bytes / 1e6)} MB)`;
}

function resultOf(error: unknown): Finding["result"] {
  if (!(error instanceof KvmError)) return "failed";
  if (error.code === "unsupported") return "ended";
  return error.code === "unreachable" || error.code === "timeout" ? "unreachable" : "failed";
}

/** A table, or one line if there is no network. */
export function reportOf(findings: readonly Finding[]): string {
  if (isWithoutNetwork(findings))
    return `No server of the catalogue can be reached, so nothing was checked: ${findings.find(isUnreachable)?.detail ?? ""}`;
  const width = Math.max(...findings.map(({ name }) => name.length));
  const rows = findings.map(({ name, result, detail }) => `${name.padEnd(width)}  ${result.padEnd(11)}  ${detail}`);
  const failed = findings.filter(isFailure).length;
  return [...rows, "", `${findings.length} names, ${failed} of them failed`].join("\n");
}

export function isFailure({ result }: Finding): boolean {
  return result === "failed" || result === "unreachable";
}

function isWithoutNetwork(findings: readonly Finding[]): boolean {
  return (
    findings.some(isUnreachable) && findings.every((finding) => isUnreachable(finding) || finding.result === "ended")
  );
}

function isUnreachable({ result }: Finding): boolean {
  return result === "unreachable";
}
